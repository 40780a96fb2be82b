"""Makes golden_convolution.txt: torch.nn.Conv1d, Conv2d, Conv3d and max pooling with their gradients
in float64.

    pip install torch && python golden_convolution.py > golden_convolution.txt

Every line is CASE/WHAT and its values, row by row, in our order of dimensions: channels last.
Inputs and weights are not stored: element i of a tensor in our order is 0.8 sin(1.3 i + 0.7 j),
where the input is tensor j = 0, the weight [O, taps.., I] is tensor 1 and the bias is tensor 2. For
pooling, element i of the input is sin(i i). The gradients are those of sum(y cos(i)).
"""

import math

import torch

CONVOLUTIONS = {
    # case: input shape, outputs, sizes, strides, padding, dilation
    "conv1d/plain": ((2, 7, 3), 4, (3,), (1,), (0,), (1,)),
    "conv1d/same": ((2, 7, 3), 4, (5,), (1,), (2,), (1,)),
    "conv1d/all": ((1, 11, 2), 3, (3,), (2,), (2,), (3,)),
    "conv2d/plain": ((2, 5, 6, 2), 3, (3, 2), (1, 1), (0, 0), (1, 1)),
    "conv2d/all": ((1, 7, 8, 2), 2, (3, 2), (2, 3), (1, 1), (2, 1)),
    "conv3d/plain": ((1, 3, 4, 3, 2), 2, (2, 3, 2), (1, 1, 1), (0, 0, 0), (1, 1, 1)),
    "conv3d/all": ((1, 4, 5, 3, 1), 2, (2, 3, 2), (2, 1, 2), (1, 1, 1), (1, 2, 1)),
}
POOLS = {
    # case: input shape, sizes, strides, padding
    "pool1d/all": ((2, 9, 3), (3,), (2,), (1,)),
    "pool2d/tile": ((1, 5, 6, 2), (2, 2), (2, 2), (0, 0)),
    "pool2d/all": ((2, 5, 7, 2), (3, 2), (2, 1), (1, 1)),
    "pool3d/all": ((1, 3, 4, 5, 1), (2, 2, 3), (1, 2, 2), (1, 0, 1)),
}


def wave(j, *shape):
    values = [0.8 * math.sin(1.3 * i + 0.7 * j) for i in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float64).view(shape).requires_grad_()


def squares(*shape):
    values = [math.sin(float(i * i)) for i in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float64).view(shape).requires_grad_()


def show(name, tensor):
    print(name, *(repr(v) for v in tensor.detach().flatten().tolist()))


def channels_first(x):
    return x.movedim(-1, 1)


def run(case, y, tensors):
    y = y.movedim(1, -1)
    weights = torch.tensor([math.cos(i) for i in range(y.numel())], dtype=torch.float64)
    (y.flatten() * weights).sum().backward()
    show(case + "/y", y)
    for name, tensor in tensors.items():
        show(f"{case}/{name}", tensor.grad)


convolve = [torch.nn.functional.conv1d, torch.nn.functional.conv2d, torch.nn.functional.conv3d]
for case, (shape, outputs, sizes, strides, padding, dilation) in CONVOLUTIONS.items():
    x, w, b = wave(0, *shape), wave(1, outputs, *sizes, shape[-1]), wave(2, outputs)
    y = convolve[len(sizes) - 1](
        channels_first(x), channels_first(w), b, strides, padding, dilation
    )
    run(case, y, {"x": x, "weight": w, "bias": b})

pool = [torch.nn.functional.max_pool1d, torch.nn.functional.max_pool2d, torch.nn.functional.max_pool3d]
for case, (shape, sizes, strides, padding) in POOLS.items():
    x = squares(*shape)
    run(case, pool[len(sizes) - 1](channels_first(x), sizes, strides, padding), {"x": x})
