"""Makes golden_sizes.txt: loss and gradients of two sizes of GPT-2 by PyTorch in float64.

    pip install torch numpy && python golden_sizes.py > golden_sizes.txt

A line is a model, a name, and numbers: of a gradient its norm, its largest magnitude, its dot
products with three vectors, and five of its elements; of the loss its value. Weights, vectors and
ids come from a hash of (stream, index) that both sides compute:

    h = i * 0x9E3779B1 + stream * 0x85EBCA77          all of it modulo 2^32
    h ^= h >> 16; h *= 0x85EBCA6B; h ^= h >> 13; h *= 0xC2B2AE35; h ^= h >> 16
    uniform(stream, i) = h / 2^31 - 1                 in [-1, 1)

Parameter j (in the order of the lines) has the elements uniform(j, i) a, with a = sqrt(3 / columns)
for matrices, a = 0.1 for vectors, and 1 added to the gains of layer norms.
"""

import math

import numpy as np
import torch
from torch.nn import functional as F

SIZES = {  # layers, heads, width, context, batch, vocabulary
    "S": (4, 4, 128, 64, 12, 65),
    "L": (2, 12, 768, 17, 2, 5003),
}
IDS, VECTORS = 1_000_000, 2_000_000


def uniform(stream, count):
    h = np.arange(count, dtype=np.uint64) * 0x9E3779B1 + np.uint64(stream * 0x85EBCA77 % 2**32)
    h &= 0xFFFFFFFF
    h ^= h >> np.uint64(16)
    h = h * 0x85EBCA6B & 0xFFFFFFFF
    h ^= h >> np.uint64(13)
    h = h * 0xC2B2AE35 & 0xFFFFFFFF
    h ^= h >> np.uint64(16)
    return torch.from_numpy(h.astype(np.float64) / 2.0**31 - 1)


class Model:
    def __init__(self, layers, heads, width, time, batch, vocabulary):
        self.layers, self.heads, self.width, self.time = layers, heads, width, time
        self.vocabulary = vocabulary
        text = ((uniform(IDS, batch * time + 1) + 1) / 2 * vocabulary).long()
        self.inputs = text[:-1].view(batch, time)
        self.targets = text[1:].clone()
        self.targets[5] = -1
        self.weights = {}
        for j, (name, shape) in enumerate(self.shapes()):
            amplitude = math.sqrt(3 / shape[1]) if len(shape) == 2 else 0.1
            values = uniform(j, math.prod(shape)) * amplitude
            if "ln_" in name and name.endswith("weight"):
                values = values + 1
            self.weights[name] = values.view(shape).requires_grad_()

    def shapes(self):
        c = self.width
        yield "wte.weight", (self.vocabulary, c)
        yield "wpe.weight", (self.time, c)
        for layer in range(self.layers):
            h = f"h.{layer}."
            for part, shape in (
                ("ln_1", (c,)),
                ("attn.c_attn", (3 * c, c)),
                ("attn.c_proj", (c, c)),
                ("ln_2", (c,)),
                ("mlp.c_fc", (4 * c, c)),
                ("mlp.c_proj", (c, 4 * c)),
            ):
                yield h + part + ".weight", shape
                yield h + part + ".bias", shape[:1]
        yield "ln_f.weight", (c,)
        yield "ln_f.bias", (c,)

    def norm(self, name, x):
        w = self.weights
        return F.layer_norm(x, (self.width,), w[name + ".weight"], w[name + ".bias"], eps=1e-5)

    def linear(self, name, x):
        return F.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def split(self, x):
        return x.view(x.shape[0], self.time, self.heads, -1).transpose(1, 2)

    def loss(self):
        x = F.embedding(self.inputs, self.weights["wte.weight"]) + self.weights["wpe.weight"]
        for layer in range(self.layers):
            h = f"h.{layer}."
            qkv = self.linear(h + "attn.c_attn", self.norm(h + "ln_1", x))
            q, k, v = (self.split(part) for part in qkv.split(self.width, dim=2))
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.linear(h + "attn.c_proj", y.transpose(1, 2).reshape(x.shape))
            y = F.gelu(self.linear(h + "mlp.c_fc", self.norm(h + "ln_2", x)), approximate="tanh")
            x = x + self.linear(h + "mlp.c_proj", y)
        z = F.linear(self.norm("ln_f", x), self.weights["wte.weight"])
        z = z.view(-1, self.vocabulary)
        return F.cross_entropy(z, self.targets, ignore_index=-1, reduction="sum")


def summary(gradient):
    g = gradient.flatten()
    n = g.numel()
    yield g.norm().item()
    yield g.abs().max().item()
    for vector in range(3):
        yield (g @ uniform(VECTORS + vector, n)).item()
    for sample in range(5):
        yield g[sample * (n - 1) // 4].item()


def main():
    torch.set_num_threads(1)
    for size, numbers in SIZES.items():
        model = Model(*numbers)
        loss = model.loss()
        loss.backward()
        print(size, "loss", f"{loss.item():.12g}")
        for name, weight in model.weights.items():
            print(size, name, *(f"{v:.9g}" for v in summary(weight.grad)))


main()
