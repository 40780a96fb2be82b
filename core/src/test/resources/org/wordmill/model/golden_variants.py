"""Makes golden_variants.txt: one-layer Transformers of every variant by PyTorch in float64.

    pip install torch && python golden_variants.py > golden_variants.txt

Every line is a variant, a name, and its values, row by row. Element i of parameter j, in the order
of names(), is 0.4 sin(1.3 i + 0.7 j), plus 1 for the gains of layer norms, as in
golden_transformer.py.
"""

import math

import torch
from torch.nn import functional as F

HEADS, WIDTH, TIME, VOCABULARY = 2, 8, 5, 7
INPUTS = torch.tensor([[3, 1, 4, 1, 5], [2, 6, 5, 3, 0]])
TARGETS = torch.tensor([[1, 4, 1, 5, 2], [6, 5, -1, 0, 4]])
VARIANTS = [
    ("learned", "post"),
    ("sinusoidal", "pre"),
    ("relative", "pre"),
    ("rotary", "pre"),
    ("none", "pre"),
]


def names(positions, norm):
    yield "wte.weight", (VOCABULARY, WIDTH)
    if positions == "learned":
        yield "wpe.weight", (TIME, WIDTH)
    yield "h.0.ln_1.weight", (WIDTH,)
    yield "h.0.ln_1.bias", (WIDTH,)
    yield "h.0.attn.c_attn.weight", (3 * WIDTH, WIDTH)
    yield "h.0.attn.c_attn.bias", (3 * WIDTH,)
    if positions == "relative":
        yield "h.0.attn.relative.weight", (HEADS, TIME)
    yield "h.0.attn.c_proj.weight", (WIDTH, WIDTH)
    yield "h.0.attn.c_proj.bias", (WIDTH,)
    yield "h.0.ln_2.weight", (WIDTH,)
    yield "h.0.ln_2.bias", (WIDTH,)
    yield "h.0.mlp.c_fc.weight", (4 * WIDTH, WIDTH)
    yield "h.0.mlp.c_fc.bias", (4 * WIDTH,)
    yield "h.0.mlp.c_proj.weight", (WIDTH, 4 * WIDTH)
    yield "h.0.mlp.c_proj.bias", (WIDTH,)
    if norm == "pre":
        yield "ln_f.weight", (WIDTH,)
        yield "ln_f.bias", (WIDTH,)


def weights(positions, norm):
    result = {}
    for j, (name, shape) in enumerate(names(positions, norm)):
        gain = 1 if "ln_" in name and name.endswith("weight") else 0
        values = [gain + 0.4 * math.sin(1.3 * i + 0.7 * j) for i in range(math.prod(shape))]
        result[name] = torch.tensor(values, dtype=torch.float64).view(shape).requires_grad_()
    return result


def sinusoids():
    angle = torch.arange(TIME, dtype=torch.float64)[:, None] / torch.pow(
        10000.0, torch.arange(0, WIDTH, 2, dtype=torch.float64) / WIDTH
    )
    return torch.stack((angle.sin(), angle.cos()), dim=2).flatten(1)


def turned(x):
    """[B, H, T, D] as complex numbers (x_d, x_(d + D/2)), each times e^(i t / 10000^(2d/D))."""
    half = x.shape[3] // 2
    speed = torch.pow(10000.0, -torch.arange(half, dtype=torch.float64) / half)
    angle = torch.arange(TIME, dtype=torch.float64)[:, None] * speed
    z = torch.complex(x[..., :half], x[..., half:]) * torch.polar(torch.ones_like(angle), angle)
    return torch.cat((z.real, z.imag), dim=3)


def attention(w, x, positions):
    qkv = F.linear(x, w["h.0.attn.c_attn.weight"], w["h.0.attn.c_attn.bias"])
    q, k, v = (
        part.view(len(x), TIME, HEADS, WIDTH // HEADS).transpose(1, 2)
        for part in qkv.split(WIDTH, dim=2)
    )
    mask = torch.full((TIME, TIME), -math.inf, dtype=torch.float64).triu(1)
    if positions == "rotary":
        q, k = turned(q), turned(k)
    if positions == "relative":
        distance = torch.arange(TIME)[:, None] - torch.arange(TIME)
        mask = mask + w["h.0.attn.relative.weight"][:, distance.clamp(min=0)]
    y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    y = y.transpose(1, 2).reshape(x.shape)
    return F.linear(y, w["h.0.attn.c_proj.weight"], w["h.0.attn.c_proj.bias"])


def feed_forward(w, x):
    y = F.linear(x, w["h.0.mlp.c_fc.weight"], w["h.0.mlp.c_fc.bias"])
    y = F.gelu(y, approximate="tanh")
    return F.linear(y, w["h.0.mlp.c_proj.weight"], w["h.0.mlp.c_proj.bias"])


def normed(w, name, x):
    return F.layer_norm(x, (WIDTH,), w[name + ".weight"], w[name + ".bias"], eps=1e-5)


def logits(w, positions, norm):
    x = F.embedding(INPUTS, w["wte.weight"])
    if positions == "learned":
        x = x + w["wpe.weight"]
    if positions == "sinusoidal":
        x = math.sqrt(WIDTH) * x + sinusoids()
    if norm == "post":
        x = normed(w, "h.0.ln_1", x + attention(w, x, positions))
        x = normed(w, "h.0.ln_2", x + feed_forward(w, x))
    else:
        x = x + attention(w, normed(w, "h.0.ln_1", x), positions)
        x = x + feed_forward(w, normed(w, "h.0.ln_2", x))
        x = normed(w, "ln_f", x)
    return F.linear(x, w["wte.weight"])


def main():
    for positions, norm in VARIANTS:
        w = weights(positions, norm)
        z = logits(w, positions, norm)
        loss = F.cross_entropy(
            z.view(-1, VOCABULARY), TARGETS.view(-1), ignore_index=-1, reduction="sum"
        )
        loss.backward()
        lines = {"loss": loss, "logits": z, "wte.weight": w["wte.weight"].grad}
        for name in ("h.0.attn.c_attn.weight", "h.0.attn.c_attn.bias", "h.0.attn.relative.weight"):
            if name in w:
                lines[name] = w[name].grad
        for name, value in lines.items():
            numbers = value.detach().flatten().tolist()
            print(positions, norm, name, *(f"{v:.12g}" for v in numbers))


main()
