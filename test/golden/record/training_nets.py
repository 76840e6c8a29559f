"""The small nets and data sets of training_cases.py."""


def linear(name, width, **options):
    return {"type": "Linear", "name": name, "out_features": width, **options}


def layer(kind, name, **options):
    return {"type": kind, "name": name, **options}


LAYERS = [
    linear("fc1", 7),
    layer("Tanh", "tanh1"),
    linear("fc2", 13, bias=False),
    layer("Sigmoid", "sigmoid1"),
    linear("fc3", 5),
    layer("ReLU", "relu1"),
    linear("fc4", 1),
]
SMALL = [linear("fc1", 6), layer("Tanh", "tanh1"), linear("fc2", 1)]


def with_dropout(p, q):
    """Dropout before and after an activation, so that both orders are seen."""
    layers = list(LAYERS)
    layers.insert(5, layer("Dropout", "dropout2", p=q))
    layers.insert(2, layer("Dropout", "dropout1", p=p))
    return layers


def own(weights, **values):
    """LAYERS, two of them with their own regularization."""
    layers = [dict(x) for x in LAYERS]
    layers[0]["regularization"] = weights
    layers[4]["regularization"] = values
    return layers


def two_targets(*between):
    """From three features to two targets, through the given layers."""
    return [linear("fc1", 8), *between, linear("out", 2)]


def initialized(**by_layer):
    return [{**x, **({"init": by_layer[x["name"]]} if x["name"] in by_layer else {})} for x in LAYERS]


def init(kind, **options):
    return {"type": kind, **options}


BRANCHES = [
    linear("fc1", 6),
    layer("Tanh", "tanh1"),
    linear("fc2", 6),
    layer("Add", "sum", inputs=["fc2", "tanh1"]),
    layer("SiLU", "silu1"),
    linear("side", 3, inputs=["input"]),
    layer("Concat", "all", inputs=["silu1", "side", "input", "tanh1"]),
    linear("out", 2),
]
CONVOLUTIONS = [
    layer("Conv2d", "conv1", out_channels=4, kernel_size=5, stride=3, padding=1),
    layer("ReLU", "relu1"),
    layer("MaxPool2d", "pool1", kernel_size=2),
    layer("Conv2d", "conv2", out_channels=6, kernel_size=3, padding=1, groups=2),
    layer("ReLU", "relu2"),
    layer("AdaptiveAvgPool2d", "pool2", output_size=2),
    layer("Flatten", "flatten"),
    linear("fc1", 10),
]
NORMALIZED = [
    layer("Conv2d", "conv1", out_channels=4, kernel_size=4, stride=4, bias=False),
    layer("BatchNorm2d", "bn1"),
    layer("GELU", "gelu1", approximate="tanh"),
    layer("Dropout2d", "drop1", p=0.3),
    layer("Conv2d", "conv2", out_channels=4, kernel_size=3, padding=2, dilation=2, bias=False),
    layer("BatchNorm2d", "bn2", momentum=0.5),
    layer("Add", "sum", inputs=["bn2", "drop1"]),
    layer("ELU", "elu1"),
    layer("AvgPool2d", "pool1", kernel_size=3, padding=1, count_include_pad=False),
    layer("LayerNorm", "norm1"),
    layer("Flatten", "flatten"),
    linear("fc1", 10),
]
STRIDED = [
    layer("Conv2d", "conv1", out_channels=3, kernel_size=8, stride=[7, 8]),
    layer("LeakyReLU", "leaky1", negative_slope=0.1),
    layer("AvgPool2d", "pool1", kernel_size=2, stride=1, padding=1),
    layer("MaxPool2d", "pool2", kernel_size=3, stride=2, padding=1, ceil_mode=True),
    layer("Flatten", "flatten"),
    linear("fc1", 10),
]
SCORES = [layer("AvgPool2d", "pool1", kernel_size=8), layer("Flatten", "flatten"), linear("fc1", 10)]
NUMPY_DROPOUT = [
    linear("fc1", 4, bias=False),
    layer("Sigmoid", "hidden"),
    layer("Dropout", "dropout1", p=0.2, gradient="as_printed"),
    linear("fc2", 1, bias=False),
    layer("Sigmoid", "output"),
]

# Data.
LINE = {"type": "linear_noise", "points": 13, "x_min": -1.3, "x_max": 2.1, "slope": 0.7, "noise": 0.2}
VALIDATED = {**LINE, "validation_points": 5}


def points(count):
    return {**LINE, "points": count}


def rows(count, start, width):
    """Numbers between -1 and 1 without a pattern, exact in float32."""
    return [[((start + 7 * i + 13 * k + 5 * i * k) % 32 - 16) / 16 for k in range(width)] for i in range(count)]


TABLE = {"type": "table", "x": rows(11, 3, 3), "y": rows(11, 8, 2), "test_x": rows(4, 5, 3), "test_y": rows(4, 9, 2)}
SHARES = {
    **TABLE,
    "y": [[abs(t) for t in row] for row in TABLE["y"]],
    "test_y": [[abs(t) for t in row] for row in TABLE["test_y"]],
}
KINDS = {
    "type": "table",
    "classes": 3,
    "x": rows(11, 3, 3),
    "y": [[5 * i % 3] for i in range(11)],
    "validation_x": rows(4, 5, 3),
    "validation_y": [[1], [0], [2], [2]],
    "test_x": rows(3, 2, 3),
    "test_y": [[2], [1], [0]],
}
SMALL_PICTURES = {"type": "table", "shape": [2, 4, 3], "x": rows(9, 3, 24), "y": rows(9, 8, 1)}
XOR = {"type": "table", "x": [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], "y": [[0], [1], [1], [0]]}
PICTURES = {"type": "cifar10", "train": 11, "validation": 4, "test": 5}
IMAGES = {"seed": 3, "train": 11, "validation": 4, "test": 5}
