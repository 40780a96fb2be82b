"""Makes golden_tagger.txt: taggers of torch.nn layers on packed sequences, with gradients in float64.

    pip install torch && python golden_tagger.py > golden_tagger.txt

Every line is MODEL/WHAT and its values, row by row: the sum of the cross-entropies of the tags, the
scores of the words of each sentence, and the gradient of each parameter. Parameters are not stored:
element i of the j-th one is 0.8 sin(1.3 i + 0.7 j), in the order embedding, layers (PyTorch's),
head; a convolution's weight is filled as [outputs, taps, inputs]. Three sentences of lengths 5, 2 and 3; -1 is a word without a tag.
"""

import math

import torch
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

VOCABULARY, TAGS, EMBEDDING, WIDTH = 9, 4, 3, 4
WORDS = [[2, 8, 0, 3, 2], [4, 5], [6, 0, 7]]
TARGETS = [[0, 3, -1, 1, 2], [2, 2], [1, 0, 3]]
CELLS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


def show(name, values):
    print(name, *(repr(v) for v in values.detach().flatten().tolist()))


def fill(parameters):
    with torch.no_grad():
        for j, (_, parameter) in enumerate(parameters):
            values = [0.8 * math.sin(1.3 * i + 0.7 * j) for i in range(parameter.numel())]
            parameter.copy_(ours(torch.tensor(values, dtype=torch.float64), parameter))


def ours(values, parameter):
    """What lies in our order of dimensions, in PyTorch's."""
    if parameter.dim() < 3:
        return values.view(parameter.shape)
    outputs, inputs, taps = parameter.shape
    return values.view(outputs, taps, inputs).transpose(1, 2)


def named(*modules):
    return [(f"{prefix}.{n}", p) for prefix, m in modules for n, p in m.named_parameters()]


def show_all(name, loss, scores, parameters):
    loss.backward()
    show(f"{name}/loss", loss)
    show(f"{name}/scores", scores)
    for n, p in parameters:
        show(f"{name}/{n}", p.grad if p.dim() < 3 else p.grad.transpose(1, 2).contiguous())


def run(name, cell, layers, bidirectional):
    embedding = torch.nn.Embedding(VOCABULARY, EMBEDDING).double()
    network = CELLS[cell](
        EMBEDDING, WIDTH, layers, batch_first=True, bidirectional=bidirectional
    ).double()
    head = torch.nn.Linear(WIDTH * (2 if bidirectional else 1), TAGS).double()
    parameters = named(("wte", embedding), ("rnn", network), ("tags", head))
    fill(parameters)
    words = pad_sequence([torch.tensor(s) for s in WORDS], batch_first=True)
    lengths = [len(s) for s in WORDS]
    packed = pack_padded_sequence(embedding(words), lengths, batch_first=True, enforce_sorted=False)
    hidden, _ = pad_packed_sequence(network(packed)[0], batch_first=True)
    scores = head(hidden)
    targets = pad_sequence([torch.tensor(t) for t in TARGETS], batch_first=True, padding_value=-1)
    loss = cross_entropy(
        scores.view(-1, TAGS), targets.view(-1), ignore_index=-1, reduction="sum"
    )
    of_words = torch.cat([scores[b, :n] for b, n in enumerate(lengths)])
    show_all(name, loss, of_words, parameters)


def run_windows(name, layers, window):
    """Sentence by sentence, each with </s> (1) on both sides, so that nothing is padded with zeros."""
    embedding = torch.nn.Embedding(VOCABULARY, EMBEDDING).double()
    convolutions = [
        torch.nn.Conv1d(EMBEDDING if i == 0 else WIDTH, WIDTH, window).double()
        for i in range(layers)
    ]
    head = torch.nn.Linear(WIDTH, TAGS).double()
    convs = [(f"conv.{i}", c) for i, c in enumerate(convolutions)]
    parameters = named(("wte", embedding), *convs, ("tags", head))
    fill(parameters)
    margin = [1] * (layers * (window // 2))
    scores = []
    for sentence in WORDS:
        h = embedding(torch.tensor(margin + sentence + margin)).T
        for convolution in convolutions:
            h = torch.tanh(convolution(h))
        scores.append(head(h.T))
    scores = torch.cat(scores)
    targets = torch.tensor([t for sentence in TARGETS for t in sentence])
    loss = cross_entropy(scores, targets, ignore_index=-1, reduction="sum")
    show_all(name, loss, scores, parameters)


run("rnn", "rnn", 1, False)
run("birnn", "rnn", 1, True)
run("bilstm", "lstm", 2, True)
run("bigru", "gru", 1, True)
run_windows("windows", 1, 5)
run_windows("windows2", 2, 3)
