"""Tokens a second of PyTorch's training step, the peer of org.wordmill.train.StepBenchmark.

    python3 core/src/test/python/step_benchmark.py S [sdpa|explicit] [seconds of a window]

A whole step in float32: forward, backward, AdamW (fused), biases, tied head, no dropout; the median
of five windows after a warm-up. Needs PyTorch; every core is used.
"""
import math
import os
import statistics
import sys
import time

import torch
import torch.nn.functional as F

SIZES = {  # layers, heads, width, context, batch, vocabulary
    "S": (4, 4, 128, 64, 12, 65),
    "M": (6, 6, 384, 256, 16, 65),
    "L": (4, 12, 768, 256, 4, 50257),
}


def parameter(*shape, constant=None):
    if constant is None:
        return (torch.randn(*shape) * 0.02).requires_grad_()
    return torch.full(shape, float(constant)).requires_grad_()


class Model:
    def __init__(self, size):
        self.layers, self.heads, self.width, self.context, self.batch, self.vocabulary = size
        c = self.width
        self.tokens = parameter(self.vocabulary, c)
        self.positions = parameter(self.context, c)
        self.blocks = [
            [
                parameter(c, constant=1), parameter(c, constant=0),
                parameter(3 * c, c), parameter(3 * c, constant=0),
                parameter(c, c), parameter(c, constant=0),
                parameter(c, constant=1), parameter(c, constant=0),
                parameter(4 * c, c), parameter(4 * c, constant=0),
                parameter(c, 4 * c), parameter(c, constant=0),
            ]
            for _ in range(self.layers)
        ]
        self.final = [parameter(c, constant=1), parameter(c, constant=0)]
        self.mask = torch.tril(torch.ones(self.context, self.context)) == 0

    def parameters(self):
        return [self.tokens, self.positions, *self.final, *(p for b in self.blocks for p in b)]

    def attention(self, qkv, fused):
        shape = (self.batch, self.context, self.heads, self.width // self.heads)
        q, k, v = (part.view(shape).transpose(1, 2) for part in qkv.split(self.width, 2))
        if fused:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = q @ k.transpose(-2, -1) / math.sqrt(shape[-1])
            y = torch.softmax(scores.masked_fill(self.mask, -math.inf), -1) @ v
        return y.transpose(1, 2).reshape(self.batch, self.context, self.width)

    def loss(self, inputs, targets, fused):
        x = F.embedding(inputs, self.tokens) + self.positions
        for g1, b1, w, wb, o, ob, g2, b2, f, fb, p, pb in self.blocks:
            h = F.layer_norm(x, (self.width,), g1, b1)
            x = x + F.linear(self.attention(F.linear(h, w, wb), fused), o, ob)
            h = F.layer_norm(x, (self.width,), g2, b2)
            x = x + F.linear(F.gelu(F.linear(h, f, fb), approximate="tanh"), p, pb)
        x = F.layer_norm(x, (self.width,), *self.final)
        return F.cross_entropy(F.linear(x, self.tokens).flatten(0, 1), targets.flatten())


def main():
    name = sys.argv[1]
    attention = sys.argv[2] if len(sys.argv) > 2 else "sdpa"
    window = float(sys.argv[3]) if len(sys.argv) > 3 else 2
    torch.set_num_threads(os.cpu_count())
    model = Model(SIZES[name])
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)
    shape = (model.batch, model.context)
    inputs = torch.randint(model.vocabulary, shape)
    targets = torch.randint(model.vocabulary, shape)
    rates = []
    for number in range(6):
        begin, steps = time.time(), 0
        while time.time() - begin < window or steps < 2:
            model.loss(inputs, targets, attention == "sdpa").backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            steps += 1
        if number > 0:
            rates.append(steps * model.batch * model.context / (time.time() - begin))
    print(f"pytorch {torch.__version__} {name} {attention}: {statistics.median(rates):.0f} tokens/s")


main()
