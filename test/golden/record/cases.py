"""The one table of single operations: what is recorded of PyTorch, and so what the lab's references are compared with."""

# Layer, its arguments, then the shapes of its inputs. `x` says what is done to the normals that are its inputs:
# times `scale`, then down to multiples of `grid` (which makes ties), 0 at every `zero_every`th place, through a `sigmoid`.
CURVE_SHAPES = [[1, 1], [1, 7], [5, 13], [2, 3, 4, 5]]
KINKS = {"scale": 3, "zero_every": 7}


def curve(kind, x=KINKS, **arguments):
    return [(kind, arguments, x, [shape]) for shape in CURVE_SHAPES]


def one(kind, shape, x=None, **arguments):
    return (kind, arguments, x or {}, [shape])


def linear(batch, inputs, outputs, bias=True):
    return one("Linear", [batch, inputs], out_features=outputs, bias=bias)


def conv(shape, filters, kernel, **arguments):
    return one("Conv2d", shape, out_channels=filters, kernel_size=kernel, **arguments)


TIES = {"grid": 0.5}
POOLINGS = [
    ([1, 1, 1, 1], {"kernel_size": 1}),
    ([2, 3, 6, 6], {"kernel_size": 2}),
    ([1, 2, 7, 5], {"kernel_size": 3, "stride": 2, "padding": 1}),
    ([1, 2, 8, 9], {"kernel_size": 2, "stride": 3}),
    ([1, 2, 6, 7], {"kernel_size": 3, "stride": 2, "ceil_mode": True}),
    ([1, 2, 6, 4], {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    ([2, 1, 7, 9], {"kernel_size": [3, 2], "stride": [1, 3], "padding": [1, 0]}),
    ([1, 1, 5, 5], {"kernel_size": 2, "stride": 3, "ceil_mode": True}),
]
DROPPING = [(0.1, [5, 13]), (0.5, [1, 65]), (0.8, [2, 3, 4, 5]), (0.5, [1, 1]), (0, [3, 7])]

LAYERS = [
    linear(1, 1, 1),
    linear(1, 7, 5, False),
    linear(7, 13, 5),
    linear(13, 7, 1),
    linear(3, 1, 17, False),
    linear(20, 300, 300),
    linear(20, 300, 1),
    conv([1, 1, 1, 1], 1, 1),
    conv([2, 3, 8, 8], 6, 5),
    conv([1, 3, 7, 5], 4, 3, padding=1, bias=False),
    conv([2, 2, 9, 7], 3, 3, stride=2, padding=1),
    conv([1, 1, 10, 9], 2, 2, stride=3),
    conv([1, 2, 9, 9], 3, 3, dilation=2, padding=2),
    conv([2, 4, 6, 7], 4, [3, 2], stride=[1, 2], padding=[2, 0], dilation=[2, 3], groups=2),
    conv([1, 6, 5, 5], 6, 3, padding=1, groups=6),
    conv([1, 4, 5, 6], 8, 3, padding=2, groups=4, bias=False),
    conv([3, 5, 4, 4], 7, 1),
    conv([1, 1, 2, 1], 2, 5, padding=4),
    conv([4, 3, 32, 32], 6, 5),
    *[one("MaxPool2d", shape, x, **arguments) for shape, arguments in POOLINGS for x in ({}, TIES)],
    one("MaxPool2d", [1, 2, 9, 8], kernel_size=[2, 3], dilation=[3, 2], padding=1),
    one("MaxPool2d", [1, 1, 9, 9], TIES, kernel_size=3, dilation=2, stride=2, padding=1, ceil_mode=True),
    *[one("AvgPool2d", shape, **arguments) for shape, arguments in POOLINGS],
    *[
        one("AvgPool2d", shape, **arguments, count_include_pad=False)
        for shape, arguments in POOLINGS
        if "padding" in arguments
    ],
    one("AdaptiveAvgPool2d", [2, 3, 4, 5], output_size=1),
    one("AdaptiveAvgPool2d", [1, 2, 7, 5], output_size=[3, 2]),
    one("AdaptiveAvgPool2d", [1, 1, 3, 4], output_size=[5, 4]),
    one("AdaptiveAvgPool2d", [2, 2, 8, 8], output_size=4),
    one("Flatten", [2, 3, 2, 2]),
    one("BatchNorm1d", [2, 1]),
    one("BatchNorm1d", [13, 5]),
    one("BatchNorm1d", [20, 3], {"scale": 3}, eps=0.1, momentum=0.3),
    one("BatchNorm1d", [7, 4], affine=False, momentum=1),
    one("BatchNorm2d", [1, 2, 1, 3]),
    one("BatchNorm2d", [3, 5, 4, 3]),
    one("BatchNorm2d", [2, 3, 7, 5], {"scale": 3}, eps=0.01, momentum=0),
    one("BatchNorm2d", [4, 1, 2, 2], affine=False),
    one("LayerNorm", [1, 7]),
    one("LayerNorm", [5, 13]),
    one("LayerNorm", [3, 2, 4, 3], bias=False, eps=0.01),
    one("LayerNorm", [4, 9], {"scale": 3}, elementwise_affine=False),
    *curve("ReLU"),
    *curve("LeakyReLU"),
    *curve("LeakyReLU", negative_slope=0.3),
    *curve("ELU"),
    *curve("ELU", alpha=2.5),
    *curve("GELU"),
    *curve("GELU", approximate="tanh"),
    *curve("SiLU"),
    *curve("Sigmoid"),
    *curve("Tanh"),
    *curve("Softmax"),
    *curve("LogSoftmax"),
    *[one("Dropout", shape, p=p) for p, shape in DROPPING],
    one("Dropout", [5, 13], {"scale": 2, "sigmoid": True}, p=0.2, gradient="as_printed"),
    one("Dropout", [1, 20], {"scale": 2, "sigmoid": True}, p=0.5, gradient="as_printed"),
    one("Dropout2d", [3, 7, 2, 3], p=0.5),
    one("Dropout2d", [1, 20, 1, 1], p=0.1),
    one("Dropout2d", [2, 3, 4, 5], p=0),
    *[one("AlphaDropout", shape, p=p) for p, shape in DROPPING],
    *[one("GaussianDropout", shape, p=p) for p, shape in DROPPING],
    one("DropConnect", [7, 13], out_features=5, p=0.5),
    one("DropConnect", [1, 3], out_features=1, p=0.2, bias=False),
    one("DropConnect", [4, 6], out_features=7, p=0),
    ("Add", {}, {}, [[3, 7], [3, 7]]),
    ("Add", {}, {}, [[2, 3, 2, 2]] * 3),
    ("Concat", {}, {}, [[3, 7], [3, 2]]),
    ("Concat", {}, {}, [[2, 1, 3, 2], [2, 4, 3, 2], [2, 2, 3, 2]]),
]

# Loss, its arguments, shape of the model's output.
NUMBERS = [{}, {"reduction": "sum"}]
LOSS_SHAPES = [[1, 1], [7, 1], [20, 3]]
LOSSES = [
    *[
        (kind, arguments, shape)
        for kind in ("MSELoss", "L1Loss", "BCEWithLogitsLoss")
        for arguments in NUMBERS
        for shape in LOSS_SHAPES
    ],
    *[("SmoothL1Loss", {"beta": beta, **x}, shape) for beta in (1, 0.3) for x in NUMBERS for shape in LOSS_SHAPES],
    *[("HuberLoss", {"delta": delta, **x}, shape) for delta in (1, 0.3) for x in NUMBERS for shape in LOSS_SHAPES],
    *[
        (kind, x, shape)
        for kind in ("CrossEntropyLoss", "NLLLoss")
        for x in NUMBERS
        for shape in ([1, 2], [7, 10], [20, 3])
    ],
    *[("CrossEntropyLoss", {"label_smoothing": s, **x}, [7, 10]) for s in (0.1, 1) for x in NUMBERS],
]

SGD = {"type": "SGD", "lr": 0.05}
ADAM = {"type": "Adam", "lr": 0.01}
ADAMW = {"type": "AdamW", "lr": 0.01}
RMSPROP = {"type": "RMSprop", "lr": 0.01}
ADAGRAD = {"type": "Adagrad", "lr": 0.1}
MOMENTUM = {"momentum": 0.9}
OPTIMIZERS = [
    SGD,
    {**SGD, **MOMENTUM},
    {**SGD, **MOMENTUM, "dampening": 0.3},
    {**SGD, **MOMENTUM, "nesterov": True},
    {**SGD, "weight_decay": 0.1},
    {**SGD, **MOMENTUM, "nesterov": True, "weight_decay": 0.1},
    {**SGD, **MOMENTUM, "dampening": 0.5, "weight_decay": 0.1},
    ADAM,
    {**ADAM, "betas": [0.5, 0.9]},
    {**ADAM, "betas": [0.0, 0.0]},
    {**ADAM, "eps": 0.1},
    {**ADAM, "weight_decay": 0.01},
    ADAMW,
    {**ADAMW, "weight_decay": 0.5},
    {**ADAMW, "weight_decay": 0, "betas": [0.8, 0.95]},
    RMSPROP,
    {**RMSPROP, "alpha": 0.5, "eps": 0.01},
    {**RMSPROP, **MOMENTUM},
    {**RMSPROP, "centered": True, "alpha": 0.9},
    {**RMSPROP, **MOMENTUM, "centered": True, "alpha": 0.9, "weight_decay": 0.1},
    ADAGRAD,
    {**ADAGRAD, "lr_decay": 0.1, "weight_decay": 0.1},
    {**ADAGRAD, "initial_accumulator_value": 0.5, "eps": 0.01},
]

CYCLE = {"type": "OneCycleLR", "max_lr": 0.3}
# Optimizer, schedule, warm-up, updates, updates per epoch; plateaus are given the metric of `plateau_metric`.
SCHEDULES = [
    (SGD, {"type": "constant"}, None, 5, 1),
    (SGD, {"type": "constant"}, {"steps": 6, "start_factor": 0.25}, 12, 1),
    (SGD, {"type": "constant"}, {"steps": 9}, 12, 4),
    (SGD, {"type": "StepLR", "step_size": 3}, None, 20, 2),
    (SGD, {"type": "StepLR", "step_size": 4, "gamma": 0.5, "interval": "step"}, {"steps": 5}, 20, 7),
    (SGD, {"type": "ExponentialLR", "gamma": 0.93, "interval": "step"}, None, 30, 1),
    (SGD, {"type": "ExponentialLR", "gamma": 0.5}, {"steps": 3}, 20, 5),
    (SGD, {"type": "CosineAnnealingLR", "T_max": 20, "interval": "step"}, None, 20, 1),
    (SGD, {"type": "CosineAnnealingLR", "T_max": 7, "eta_min": 0.003, "interval": "step"}, None, 60, 1),
    (SGD, {"type": "CosineAnnealingLR", "T_max": 1, "eta_min": 0.001}, None, 12, 2),
    (SGD, {"type": "CosineAnnealingLR", "T_max": 13, "eta_min": 0.01, "interval": "step"}, {"steps": 5}, 40, 1),
    ({**SGD, **MOMENTUM}, CYCLE, None, 20, 1),
    ({**SGD, **MOMENTUM}, {**CYCLE, "three_phase": True}, None, 23, 4),
    ({**SGD, **MOMENTUM}, {**CYCLE, "three_phase": True, "pct_start": 0.7}, None, 23, 4),
    (
        ADAM,
        {**CYCLE, "anneal_strategy": "linear", "pct_start": 0.45, "div_factor": 10, "final_div_factor": 100},
        None,
        17,
        1,
    ),
    (ADAMW, {**CYCLE, "base_momentum": 0.5, "max_momentum": 0.9, "pct_start": 0}, None, 12, 1),
    ({**RMSPROP, **MOMENTUM}, {**CYCLE, "pct_start": 1}, None, 11, 1),
    (ADAM, {**CYCLE, "cycle_momentum": False}, None, 9, 3),
    (ADAGRAD, {**CYCLE, "cycle_momentum": False, "three_phase": True, "anneal_strategy": "linear"}, None, 30, 3),
    (SGD, {"type": "ReduceLROnPlateau", "patience": 1, "factor": 0.5}, None, 30, 1),
    (
        SGD,
        {"type": "ReduceLROnPlateau", "patience": 0, "factor": 0.3, "cooldown": 2, "min_lr": 0.001},
        {"steps": 4},
        40,
        1,
    ),
    (SGD, {"type": "ReduceLROnPlateau", "patience": 2, "threshold": 0.05, "threshold_mode": "abs"}, None, 40, 1),
    (SGD, {"type": "ReduceLROnPlateau", "patience": 0, "threshold": 0.2, "eps": 0.01, "factor": 0.5}, None, 40, 1),
]


def plateau_metric(step):
    """A loss that falls, stalls and rises; exact in float64."""
    return [8, 7, 7, 6.5, 6.5, 6.25, 6.25, 6.25, 6, 7, 7, 5.75, 5.75, 5.75, 5.5, 9][step % 16] - step // 16


# Gradients of one model: shapes of its parameters.
CLIPPED = [[5, 3], [5], [2, 2, 3, 3]]
CLIPPINGS = [
    {"type": "norm", "max_norm": 1},
    {"type": "norm", "max_norm": 1000},
    {"type": "norm", "max_norm": 7.5},
    {"type": "value", "clip_value": 0.5},
    {"type": "value", "clip_value": 100},
]

PENALTY_SIZES = (1, 7, 6000)
PENALTIES = [("l1", 0.001), ("l2_sum", 0.001), ("l2_half", 0.001)]
CONSTRAINED = [[7, 5], [1, 20], [4, 3, 3, 3]]
# Kind, learning rate, weight.
CONSTRAINTS = [
    ("decoupled_decay", 0.1, 0.5),
    ("proximal", 0.1, 3),
    ("proximal", 0.01, 0.1),
    ("max_norm", None, 1.5),
    ("max_norm", None, 4),
]
