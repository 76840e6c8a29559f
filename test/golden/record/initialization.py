"""Records the first values of models as torch.nn's constructors leave them, and after torch.nn.init's functions."""

import torch

from document import complete_layer
from fixture import edges, output_folder, write
from network import build

SEEDS = [1, 2**40 + 7]


def case(title, seed, shape, layers):
    torch.manual_seed(seed)
    net = build([complete_layer(layer) for layer in layers], shape)
    parameters = [{"name": name, "shape": list(p.shape), **edges(p)} for name, p in net.named_parameters()]
    following = str(torch.empty((), dtype=torch.int64).random_(-(2**63), None).item() % 2**64)
    return {"title": title, "seed": seed, "input": shape, "layers": layers, "parameters": parameters, "next": following}


LENET = [
    {"type": "Conv2d", "name": "conv1", "out_channels": 6, "kernel_size": 5},
    {"type": "ReLU", "name": "relu1"},
    {"type": "MaxPool2d", "name": "pool1", "kernel_size": 2},
    {"type": "Conv2d", "name": "conv2", "out_channels": 16, "kernel_size": 5},
    {"type": "ReLU", "name": "relu2"},
    {"type": "MaxPool2d", "name": "pool2", "kernel_size": 2},
    {"type": "Flatten", "name": "flatten"},
    {"type": "Linear", "name": "fc1", "out_features": 120},
    {"type": "ReLU", "name": "relu3"},
    {"type": "Linear", "name": "fc2", "out_features": 84},
    {"type": "ReLU", "name": "relu4"},
    {"type": "Linear", "name": "fc3", "out_features": 10},
]
NORMS = [
    {
        "type": "Conv2d",
        "name": "conv1",
        "out_channels": 8,
        "kernel_size": [3, 2],
        "stride": [2, 1],
        "padding": 1,
        "dilation": [1, 2],
        "groups": 2,
    },
    {"type": "BatchNorm2d", "name": "bn1"},
    {"type": "Conv2d", "name": "conv2", "out_channels": 5, "kernel_size": 2, "bias": False},
    {"type": "BatchNorm2d", "name": "bn2", "affine": False},
    {"type": "LayerNorm", "name": "ln1"},
    {"type": "Flatten", "name": "flatten"},
    {"type": "Linear", "name": "fc1", "out_features": 11, "bias": False},
    {"type": "BatchNorm1d", "name": "bn3"},
    {"type": "DropConnect", "name": "drop1", "out_features": 9, "p": 0.5},
    {"type": "LayerNorm", "name": "ln2", "bias": False},
    {"type": "Linear", "name": "fc2", "out_features": 1},
]
# Of two vectors and matrices and filters alike.
ANY = {
    "uniform": {"type": "uniform"},
    "uniform -0.3 0.7": {"type": "uniform", "a": -0.3, "b": 0.7},
    "normal": {"type": "normal"},
    "normal 0.5 0.02": {"type": "normal", "mean": 0.5, "std": 0.02},
    "normal std 0": {"type": "normal", "mean": 0.1, "std": 0},
    "trunc_normal": {"type": "trunc_normal"},
    "trunc_normal 0.02": {"type": "trunc_normal", "std": 0.02},
    "trunc_normal one side": {"type": "trunc_normal", "mean": 1, "std": 2, "a": 0.3, "b": 3.5},
    "trunc_normal just likely": {"type": "trunc_normal", "a": -0.4, "b": 0.4},
    "trunc_normal unlikely": {"type": "trunc_normal", "a": -0.1, "b": 0.1},
    "trunc_normal tail": {"type": "trunc_normal", "mean": -1, "std": 0.7, "a": 0.5, "b": 3},
    "trunc_normal point": {"type": "trunc_normal", "a": 0.25, "b": 0.25},
    "constant": {"type": "constant", "val": 0.1},
    "zeros": {"type": "zeros"},
    "ones": {"type": "ones"},
}
KAIMING = [
    {"a": a, "mode": mode, "nonlinearity": nonlinearity}
    for mode in ("fan_in", "fan_out")
    for a, nonlinearity in [(0, "leaky_relu"), (0.2, "leaky_relu"), (0, "relu"), (0, "tanh"), (0, "selu"), (0.5, "linear")]
]
MATRICES = {
    "xavier_uniform": {"type": "xavier_uniform"},
    "xavier_uniform gain": {"type": "xavier_uniform", "gain": 1.7},
    "xavier_normal": {"type": "xavier_normal"},
    "xavier_normal gain": {"type": "xavier_normal", "gain": 0.3},
    **{
        f"{kind} {options['mode']} {options['nonlinearity']} {options['a']}": {"type": kind, **options}
        for kind in ("kaiming_uniform", "kaiming_normal")
        for options in KAIMING
    },
}


def one_linear(init, features=13):
    return [{"type": "Linear", "name": "fc1", "out_features": 7, "init": init}], [features]


def one_conv(init):
    spec = {"type": "Conv2d", "name": "conv1", "out_channels": 6, "kernel_size": [5, 4], "groups": 2, "init": init}
    return [spec], [4, 8, 8]


def main():
    folder = output_folder(__doc__)
    cases = []

    def add(title, layers, shape, seeds=SEEDS):
        cases.extend(case(title, seed, shape, layers) for seed in seeds)

    add("LeNet", LENET, [3, 32, 32])
    add("norms, groups, no biases", NORMS, [4, 9, 7])
    for title, init in ANY.items():
        # 7 biases: fewer normals than make a block.
        add(f"{title}, Linear", *one_linear({"weight": init, "bias": init}))
    for title, init in MATRICES.items():
        add(f"{title}, Linear", *one_linear({"weight": init}), SEEDS[:1])
        add(f"{title}, Conv2d", *one_conv({"weight": init, "bias": {"type": "zeros"}}), SEEDS[1:])
    # The wide layer of LeNet: passes over 48,000 values.
    for name in ("trunc_normal 0.02", "trunc_normal tail"):
        layers = [{**x, "init": {"weight": ANY[name]}} if x["name"] == "fc1" else x for x in LENET]
        add(f"{name}, in LeNet", layers, [3, 32, 32])
    several = [
        {**NORMS[0], "init": {"bias": ANY["normal"]}},
        {**NORMS[1], "init": {"weight": ANY["uniform"], "bias": ANY["normal 0.5 0.02"]}},
        NORMS[2],
        NORMS[3],
        {**NORMS[4], "init": {"weight": MATRICES["xavier_uniform"]}},
        NORMS[5],
        {**NORMS[6], "init": {"weight": MATRICES["kaiming_normal fan_out relu 0"]}},
        *NORMS[7:10],
        {**NORMS[10], "init": {"weight": ANY["normal"], "bias": ANY["constant"]}},
    ]
    add("several layers' own", several, [4, 9, 7])
    write(folder, "initialization", "each case names its own", cases)


if __name__ == "__main__":
    main()
