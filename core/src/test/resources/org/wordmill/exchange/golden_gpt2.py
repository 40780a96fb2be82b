"""Makes gpt2/, gpt2-sharded/ and their logits.txt: small random GPT-2s in Hugging Face's layout.

    pip install torch && python golden_gpt2.py

Independent of Wordmill and of the packages safetensors and transformers: the files are written by
struct and json, the logits by the formulas of GPT-2 in PyTorch. gpt2/ is one file of F32 whose
names have the prefix that transformers writes today; gpt2-sharded/ is two files of F16 and BF16
without it, with the causal masks and the head's table that older versions saved.
"""

import json
import math
import os
import struct

import torch

LAYERS, HEADS, WIDTH, TIME = 2, 2, 12, 16
TEXT = "the mill\nthe mill"
TOKENS = sorted(set(TEXT + "aurnsw .")) + ["<unk>"]
PROMPT = "the mill\nruns"
TYPES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.uint8: "U8"}


def parameters():
    generator = torch.Generator().manual_seed(7)

    def normal(*shape):
        return 0.3 * torch.randn(*shape, generator=generator)

    yield "wte.weight", normal(len(TOKENS), WIDTH)
    yield "wpe.weight", normal(TIME, WIDTH)
    for layer in range(LAYERS):
        h = f"h.{layer}."
        for norm in ("ln_1", "ln_2"):
            yield h + norm + ".weight", 1 + normal(WIDTH)
            yield h + norm + ".bias", normal(WIDTH)
        for name, inputs, outputs in (
            ("attn.c_attn", WIDTH, 3 * WIDTH),
            ("attn.c_proj", WIDTH, WIDTH),
            ("mlp.c_fc", WIDTH, 4 * WIDTH),
            ("mlp.c_proj", 4 * WIDTH, WIDTH),
        ):
            yield h + name + ".weight", normal(inputs, outputs)  # as Conv1D: y = x W + b
            yield h + name + ".bias", normal(outputs)
    yield "ln_f.weight", 1 + normal(WIDTH)
    yield "ln_f.bias", normal(WIDTH)


def logits(w, ids):
    w = {name: value.double() for name, value in w.items()}

    def norm(x, name):
        mean = x.mean(-1, keepdim=True)
        variance = ((x - mean) ** 2).mean(-1, keepdim=True)
        return (x - mean) / torch.sqrt(variance + 1e-5) * w[name + ".weight"] + w[name + ".bias"]

    def conv(x, name):
        return x @ w[name + ".weight"] + w[name + ".bias"]

    x = w["wte.weight"][ids] + w["wpe.weight"][: len(ids)]
    future = torch.triu(torch.ones(len(ids), len(ids), dtype=torch.bool), diagonal=1)
    for layer in range(LAYERS):
        h = f"h.{layer}."
        q, k, v = conv(norm(x, h + "ln_1"), h + "attn.c_attn").split(WIDTH, dim=1)
        heads = []
        size = WIDTH // HEADS
        for i in range(HEADS):
            part = slice(i * size, (i + 1) * size)
            scores = q[:, part] @ k[:, part].T / math.sqrt(size)
            heads.append(scores.masked_fill(future, -math.inf).softmax(-1) @ v[:, part])
        x = x + conv(torch.cat(heads, 1), h + "attn.c_proj")
        y = conv(norm(x, h + "ln_2"), h + "mlp.c_fc")
        y = 0.5 * y * (1 + torch.tanh(math.sqrt(2 / math.pi) * (y + 0.044715 * y**3)))
        x = x + conv(y, h + "mlp.c_proj")
    return norm(x, "ln_f") @ w["wte.weight"].T


def write_safetensors(path, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, value in tensors.items():
        raw = bytes(value.contiguous().view(torch.uint8).flatten().tolist())
        header[name] = {
            "dtype": TYPES[value.dtype],
            "shape": list(value.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def write_json(path, content):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file)


def write_folder(folder, w):
    os.makedirs(folder, exist_ok=True)
    config = {
        "activation_function": "gelu_new",
        "architectures": ["GPT2LMHeadModel"],
        "attn_pdrop": 0.1,
        "bos_token_id": None,
        "embd_pdrop": 0.1,
        "eos_token_id": None,
        "initializer_range": 0.02,
        "layer_norm_epsilon": 1e-05,
        "model_type": "gpt2",
        "n_embd": WIDTH,
        "n_head": HEADS,
        "n_inner": None,
        "n_layer": LAYERS,
        "n_positions": TIME,
        "resid_pdrop": 0.1,
        "vocab_size": len(TOKENS),
    }
    write_json(folder + "/config.json", config)
    tokenizer = {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": "[\\s\\S]"},
            "behavior": "Isolated",
            "invert": False,
        },
        "post_processor": None,
        "decoder": {"type": "Fuse"},
        "model": {
            "type": "WordLevel",
            "vocab": {token: i for i, token in enumerate(TOKENS)},
            "unk_token": "<unk>",
        },
    }
    write_json(folder + "/tokenizer.json", tokenizer)
    ids = [TOKENS.index(c) for c in PROMPT]
    with open(folder + "/logits.txt", "w", encoding="utf-8") as file:
        for row in logits(w, ids):
            file.write(" ".join(f"{z:.9g}" for z in row.tolist()) + "\n")


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    w = dict(parameters())
    write_folder(here + "/gpt2", w)
    write_safetensors(
        here + "/gpt2/model.safetensors", {"transformer." + n: v for n, v in w.items()}
    )

    names = list(w)
    rounded = {n: v.to(torch.bfloat16 if i % 2 else torch.float16) for i, (n, v) in enumerate(w.items())}
    folder = here + "/gpt2-sharded"
    write_folder(folder, rounded)
    for layer in range(LAYERS):
        rounded[f"h.{layer}.attn.bias"] = torch.ones(1, 1, TIME, TIME, dtype=torch.uint8).tril()
    rounded["lm_head.weight"] = rounded["wte.weight"].clone()
    files = {}
    for number, of_file in enumerate((names[: len(names) // 2], [n for n in rounded if n not in names[: len(names) // 2]])):
        file = f"model-{number + 1:05}-of-00002.safetensors"
        write_safetensors(folder + "/" + file, {n: rounded[n] for n in of_file})
        files.update({n: file for n in of_file})
    size = sum(v.numel() * v.element_size() for v in rounded.values())
    index = {"metadata": {"total_size": size}, "weight_map": files}
    write_json(folder + "/model.safetensors.index.json", index)


main()
