"""PyTorch's training step by way of Python, another peer of TrainingBenchmark.

    python3 submit/src/test/pytorch/torch_step.py S [float32|bf16] [seconds of a window]

A whole step: forward, backward, AdamW (fused), biases, tied head, no dropout; bf16 is autocast's.
Attention is that of scaled_dot_product_attention. Prints a line "window TOKENS-PER-SECOND" for each
window after a warm-up.
"""
import os
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

    def parameters(self):
        return [self.tokens, self.positions, *self.final, *(p for b in self.blocks for p in b)]

    def attention(self, qkv):
        shape = (self.batch, self.context, self.heads, self.width // self.heads)
        q, k, v = (part.view(shape).transpose(1, 2) for part in qkv.split(self.width, 2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return y.transpose(1, 2).reshape(self.batch, self.context, self.width)

    def loss(self, inputs, targets):
        x = F.embedding(inputs, self.tokens) + self.positions
        for g1, b1, w, wb, o, ob, g2, b2, f, fb, p, pb in self.blocks:
            h = F.layer_norm(x, (self.width,), g1, b1)
            x = x + F.linear(self.attention(F.linear(h, w, wb)), o, ob)
            h = F.layer_norm(x, (self.width,), g2, b2)
            x = x + F.linear(F.gelu(F.linear(h, f, fb), approximate="tanh"), p, pb)
        x = F.layer_norm(x, (self.width,), *self.final)
        return F.cross_entropy(F.linear(x, self.tokens).flatten(0, 1), targets.flatten())


def main():
    name = sys.argv[1]
    bf16 = len(sys.argv) > 2 and sys.argv[2] == "bf16"
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 2
    torch.set_num_threads(os.cpu_count())
    model = Model(SIZES[name])
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)
    shape = (model.batch, model.context)
    inputs = torch.randint(model.vocabulary, shape)
    targets = torch.randint(model.vocabulary, shape)
    for window in range(-2, 5):
        begin, steps = time.time(), 0
        while time.time() - begin < seconds or steps < 2:
            with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
                loss = model.loss(inputs, targets)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            steps += 1
        if window >= 0:
            print(f"window {steps * model.batch * model.context / (time.time() - begin):.1f}")


main()
