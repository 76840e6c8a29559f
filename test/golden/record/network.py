"""A document's model in plain PyTorch: torch.nn's layers, the lab's own ones, initialisation, and what feeds what."""

import inspect
import math

import torch
from torch import nn
from torch.nn import functional

DATA_INPUT = "input"
PRINTED = "as_printed"


class GaussianDropout(nn.Module):
    """x times N(1, p/(1-p)), one number per unit and example; identity in evaluation and for p = 0."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        return x * (torch.randn(x.shape) * math.sqrt(self.p / (1 - self.p)) + 1)


class DropConnect(nn.Linear):
    """A Linear layer whose weights are dropped, one mask per step for the whole batch."""

    def __init__(self, in_features, out_features, p, bias):
        super().__init__(in_features, out_features, bias=bias)
        self.p = p

    def forward(self, x):
        return functional.linear(x, functional.dropout(self.weight, self.p, self.training), self.bias)


class PrintedMask(torch.autograd.Function):
    """
    The masked and scaled activation y, with the from-scratch tutorial's gradient y(1-y), the mask left out.
    It goes to `before`, the input of the Sigmoid that gave the activation.
    """

    @staticmethod
    def forward(context, before, activation, noise):
        y = activation * noise
        context.save_for_backward(y)
        return y

    @staticmethod
    def backward(context, dy):
        (y,) = context.saved_tensors
        return dy * (y * (1 - y)), None, None


class PrintedDropout(nn.Dropout):
    """Takes the *input* of the Sigmoid before it while it trains; identity in evaluation."""

    def forward(self, x):
        if not self.training:
            return x
        return PrintedMask.apply(x, torch.sigmoid(x.detach()), functional.dropout(torch.ones_like(x), self.p))


class Add(nn.Module):
    def forward(self, *inputs):
        total = inputs[0]
        for x in inputs[1:]:
            total = total + x
        return total


class Concat(nn.Module):
    def forward(self, *inputs):
        return torch.cat(inputs, dim=1)


def pair(value):
    return tuple(value) if isinstance(value, list) else value


def arguments(spec, *names):
    return {name: pair(spec[name]) for name in names if name in spec}


WINDOW = ("kernel_size", "stride", "padding", "dilation", "ceil_mode", "count_include_pad")
BATCH_NORM = ("eps", "momentum", "affine")
MODULES = {
    "Linear": lambda spec, shape: nn.Linear(shape[0], spec["out_features"], bias=spec["bias"]),
    "Conv2d": lambda spec, shape: nn.Conv2d(
        shape[0], spec["out_channels"], **arguments(spec, *WINDOW, "groups", "bias")
    ),
    "MaxPool2d": lambda spec, shape: nn.MaxPool2d(**arguments(spec, *WINDOW)),
    "AvgPool2d": lambda spec, shape: nn.AvgPool2d(**arguments(spec, *WINDOW)),
    "AdaptiveAvgPool2d": lambda spec, shape: nn.AdaptiveAvgPool2d(pair(spec["output_size"])),
    "Flatten": lambda spec, shape: nn.Flatten(),
    "BatchNorm1d": lambda spec, shape: nn.BatchNorm1d(shape[0], **arguments(spec, *BATCH_NORM)),
    "BatchNorm2d": lambda spec, shape: nn.BatchNorm2d(shape[0], **arguments(spec, *BATCH_NORM)),
    "LayerNorm": lambda spec, shape: nn.LayerNorm(list(shape), **arguments(spec, "eps", "elementwise_affine", "bias")),
    "ReLU": lambda spec, shape: nn.ReLU(),
    "LeakyReLU": lambda spec, shape: nn.LeakyReLU(spec["negative_slope"]),
    "ELU": lambda spec, shape: nn.ELU(spec["alpha"]),
    "GELU": lambda spec, shape: nn.GELU(spec["approximate"]),
    "SiLU": lambda spec, shape: nn.SiLU(),
    "Sigmoid": lambda spec, shape: nn.Sigmoid(),
    "Tanh": lambda spec, shape: nn.Tanh(),
    "Softmax": lambda spec, shape: nn.Softmax(dim=1),
    "LogSoftmax": lambda spec, shape: nn.LogSoftmax(dim=1),
    "Dropout": lambda spec, shape: (PrintedDropout if spec["gradient"] == PRINTED else nn.Dropout)(spec["p"]),
    "Dropout2d": lambda spec, shape: nn.Dropout2d(spec["p"]),
    "AlphaDropout": lambda spec, shape: nn.AlphaDropout(spec["p"]),
    "GaussianDropout": lambda spec, shape: GaussianDropout(spec["p"]),
    "DropConnect": lambda spec, shape: DropConnect(shape[0], **arguments(spec, "out_features", "p", "bias")),
    "Add": lambda spec, shape: Add(),
    "Concat": lambda spec, shape: Concat(),
}


def module_for(spec, shape):
    """The layer of a (complete) spec for inputs of this shape per example; draws its initial values as torch does."""
    return MODULES[spec["type"]](spec, shape)


class Network(nn.Module):
    """The layers under the document's names, made and initialised in its order, each fed by what `inputs` names."""

    def __init__(self, layers, input_shape):
        super().__init__()
        self.specs = layers
        values = {DATA_INPUT: torch.zeros(1, *input_shape)}
        for i, spec in enumerate(layers):
            sources = self.sources(i)
            module = module_for(spec, values[sources[0]].shape[1:]).eval()
            self.add_module(spec["name"], module)
            with torch.no_grad():
                values[spec["name"]] = module(*(values[name] for name in sources))
        self.train()

    def sources(self, i):
        return self.specs[i].get("inputs") or [self.specs[i - 1]["name"] if i > 0 else DATA_INPUT]

    def forward(self, x):
        values = {DATA_INPUT: x}
        for i, spec in enumerate(self.specs):
            module = self.get_submodule(spec["name"])
            # While it trains, a printed dropout does its Sigmoid's work, too.
            past_sigmoid = self.training and isinstance(module, PrintedDropout)
            sources = self.sources(i - 1 if past_sigmoid else i)
            values[spec["name"]] = module(*(values[name] for name in sources))
        return values[self.specs[-1]["name"]]


def initialize(parameter, spec):
    """One of torch.nn.init's functions over a parameter."""
    options = {name: value for name, value in spec.items() if name != "type"}
    function = getattr(nn.init, f"{spec['type']}_")
    assert set(options) <= set(inspect.signature(function).parameters), f"{spec['type']} does not take {options}"
    function(parameter, **options)


def build(layers, input_shape):
    """The whole model with torch's default values, then the document's own, layer by layer, weight before bias."""
    net = Network(layers, input_shape)
    for spec in layers:
        for name in ("weight", "bias"):
            if name in spec.get("init", {}):
                initialize(getattr(net.get_submodule(spec["name"]), name), spec["init"][name])
    return net
