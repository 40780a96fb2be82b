"""Makes golden_overfit.txt: ten steps of a small GPT-2 on one batch, by PyTorch in float64.

    pip install torch && python golden_overfit.py > golden_overfit.txt

The model and its first weights are those of golden_transformer.py, the batch is two windows of
eleven tokens. AdamW decays matrices only; the rate rises for three steps and falls as a cosine; the
gradient is clipped by its global norm. A line each: losses, norms before clipping, and the sums and
sums of squares of the parameters at the end, but those of c_attn.bias: the keys' part has no
gradient but rounding.
"""

import math
import pathlib
import sys

import torch
from torch.nn import functional as F

sys.path.append(str(pathlib.Path(__file__).parents[1] / "model"))
import golden_transformer as gpt

TOKENS = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 10]
STEPS, WARM_UP, PEAK, MINIMUM = 10, 3, 0.03, 0.003
CLIP = 1.0


def rate(step):
    if step < WARM_UP:
        return PEAK * (step + 1) / (WARM_UP + 1)
    progress = (step - WARM_UP) / (STEPS - WARM_UP)
    return MINIMUM + (PEAK - MINIMUM) * (1 + math.cos(math.pi * progress)) / 2


def main():
    w = gpt.weights()
    groups = [
        {"params": [v for v in w.values() if v.dim() >= 2], "weight_decay": 0.1},
        {"params": [v for v in w.values() if v.dim() < 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=PEAK, betas=(0.9, 0.95), eps=1e-8)
    inputs = torch.tensor(TOKENS[:-1]).view(-1, gpt.TIME)
    targets = torch.tensor(TOKENS[1:])
    losses, norms = [], []
    for step in range(STEPS):
        loss = F.cross_entropy(gpt.logits(w, inputs).flatten(0, 1), targets)
        optimizer.zero_grad()
        loss.backward()
        norm = math.sqrt(sum((v.grad**2).sum().item() for v in w.values()))
        for v in w.values():
            v.grad *= min(1, CLIP / norm)
        for group in optimizer.param_groups:
            group["lr"] = rate(step)
        optimizer.step()
        losses.append(loss.item())
        norms.append(norm)
    gpt.line("loss", losses)
    gpt.line("norm", norms)
    ends = [v for name, v in w.items() if not name.endswith("attn.c_attn.bias")]
    gpt.line("sum", [v.sum().item() for v in ends])
    gpt.line("squares", [(v**2).sum().item() for v in ends])


main()
