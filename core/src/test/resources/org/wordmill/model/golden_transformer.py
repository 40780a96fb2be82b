"""Makes golden_transformer.txt: loss and gradients of a small GPT-2 by PyTorch in float64.

    pip install torch && python golden_transformer.py > golden_transformer.txt

Every line is a name and its values, row by row. Weights are not stored: element i of parameter j
(in the order of the lines) is 0.4 sin(1.3 i + 0.7 j), plus 1 for the gains of layer norms.
"""

import math

import torch
from torch.nn import functional as F

LAYERS, HEADS, WIDTH, TIME, VOCABULARY = 2, 2, 8, 5, 11
INPUTS = [[3, 1, 4, 1, 5], [9, 2, 6, 5, 3]]
TARGETS = [[1, 4, 1, 5, 9], [2, 6, -1, 3, 10]]


def shapes():
    yield "wte.weight", (VOCABULARY, WIDTH)
    yield "wpe.weight", (TIME, WIDTH)
    for layer in range(LAYERS):
        h = f"h.{layer}."
        yield h + "ln_1.weight", (WIDTH,)
        yield h + "ln_1.bias", (WIDTH,)
        yield h + "attn.c_attn.weight", (3 * WIDTH, WIDTH)
        yield h + "attn.c_attn.bias", (3 * WIDTH,)
        yield h + "attn.c_proj.weight", (WIDTH, WIDTH)
        yield h + "attn.c_proj.bias", (WIDTH,)
        yield h + "ln_2.weight", (WIDTH,)
        yield h + "ln_2.bias", (WIDTH,)
        yield h + "mlp.c_fc.weight", (4 * WIDTH, WIDTH)
        yield h + "mlp.c_fc.bias", (4 * WIDTH,)
        yield h + "mlp.c_proj.weight", (WIDTH, 4 * WIDTH)
        yield h + "mlp.c_proj.bias", (WIDTH,)
    yield "ln_f.weight", (WIDTH,)
    yield "ln_f.bias", (WIDTH,)


def weights():
    result = {}
    for j, (name, shape) in enumerate(shapes()):
        gain = 1 if "ln_" in name and name.endswith("weight") else 0
        size = math.prod(shape)
        values = [gain + 0.4 * math.sin(1.3 * i + 0.7 * j) for i in range(size)]
        result[name] = torch.tensor(values, dtype=torch.float64).view(shape).requires_grad_()
    return result


def norm(w, name, x):
    return F.layer_norm(x, (WIDTH,), w[name + ".weight"], w[name + ".bias"], eps=1e-5)


def linear(w, name, x):
    return F.linear(x, w[name + ".weight"], w[name + ".bias"])


def heads(x):
    return x.view(x.shape[0], TIME, HEADS, WIDTH // HEADS).transpose(1, 2)


def logits(w, ids):
    x = F.embedding(ids, w["wte.weight"]) + w["wpe.weight"]
    for layer in range(LAYERS):
        h = f"h.{layer}."
        q, k, v = linear(w, h + "attn.c_attn", norm(w, h + "ln_1", x)).split(WIDTH, dim=2)
        y = F.scaled_dot_product_attention(heads(q), heads(k), heads(v), is_causal=True)
        y = y.transpose(1, 2).reshape(x.shape)
        x = x + linear(w, h + "attn.c_proj", y)
        y = F.gelu(linear(w, h + "mlp.c_fc", norm(w, h + "ln_2", x)), approximate="tanh")
        x = x + linear(w, h + "mlp.c_proj", y)
    return F.linear(norm(w, "ln_f", x), w["wte.weight"])


def line(name, values):
    print(name, *(f"{v:.12g}" for v in values))


def main():
    w = weights()
    z = logits(w, torch.tensor(INPUTS))
    targets = torch.tensor(TARGETS)
    loss = F.cross_entropy(z.view(-1, VOCABULARY), targets.view(-1), ignore_index=-1, reduction="sum")
    loss.backward()
    line("loss", [loss.item()])
    line("logits", z.detach().flatten().tolist())
    for name, value in w.items():
        line(name, value.grad.flatten().tolist())


if __name__ == "__main__":
    main()
