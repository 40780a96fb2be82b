"""Makes golden_recurrent.txt: torch.nn.RNN, LSTM and GRU with their gradients in float64.

    pip install torch && python golden_recurrent.py > golden_recurrent.txt

Every line is CELL/CASE/WHAT and its values, row by row. Inputs and weights are not stored: element
i of the j-th tensor is 0.8 sin(1.3 i + 0.7 j), where the input is tensor 0, the initial states (in
the cases that have them) are tensors 1 and 2, and the parameters follow from 3 on, in PyTorch's
order. The gradients are those of sum(y cos(i)).
"""

import math

import torch

BATCH, TIME, INPUTS, WIDTH = 2, 4, 3, 5
CELLS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


def wave(j, *shape):
    values = [0.8 * math.sin(1.3 * i + 0.7 * j) for i in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float64).view(shape).requires_grad_()


def show(name, tensor):
    print(name, *(repr(v) for v in tensor.detach().flatten().tolist()))


def run(cell, case, layer, x, states):
    initial = None
    if states:
        initial = tuple(s.unsqueeze(0) for s in states)
        initial = initial if cell == "lstm" else initial[0]
    y, _ = layer(x, initial)
    weights = torch.tensor([math.cos(i) for i in range(y.numel())], dtype=torch.float64)
    (y.flatten() * weights).sum().backward()
    prefix = f"{cell}/{case}/"
    show(prefix + "y", y)
    show(prefix + "x", x.grad)
    for i, state in enumerate(states):
        show(f"{prefix}state{i}", state.grad)
    for name, parameter in layer.named_parameters():
        show(prefix + name, parameter.grad)


for cell, kind in CELLS.items():
    for case in ("given", "both"):
        layer = kind(INPUTS, WIDTH, batch_first=True, bidirectional=case == "both").double()
        with torch.no_grad():
            for j, parameter in enumerate(layer.parameters()):
                parameter.copy_(wave(3 + j, *parameter.shape))
        count = 0 if case == "both" else 2 if cell == "lstm" else 1
        states = [wave(1 + i, BATCH, WIDTH) for i in range(count)]
        run(cell, case, layer, wave(0, BATCH, TIME, INPUTS), states)
