"""The experiment document in Python: what left-out fields mean, and a variant's changes applied."""

import copy

BIASED = {"bias": True}
WINDOW = {"padding": 0, "ceil_mode": False}
BATCH_NORM = {"eps": 1e-5, "momentum": 0.1, "affine": True}
LAYERS = {
    "Linear": BIASED,
    "Conv2d": {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, **BIASED},
    "MaxPool2d": {**WINDOW, "dilation": 1},
    "AvgPool2d": {**WINDOW, "count_include_pad": True},
    "BatchNorm1d": BATCH_NORM,
    "BatchNorm2d": BATCH_NORM,
    "LayerNorm": {"eps": 1e-5, "elementwise_affine": True, **BIASED},
    "LeakyReLU": {"negative_slope": 0.01},
    "ELU": {"alpha": 1},
    "GELU": {"approximate": "none"},
    "Dropout": {"gradient": "chain_rule"},
    "DropConnect": BIASED,
}
KAIMING = {"a": 0, "mode": "fan_in", "nonlinearity": "leaky_relu"}
INITIALIZERS = {
    "uniform": {"a": 0, "b": 1},
    "normal": {"mean": 0, "std": 1},
    "trunc_normal": {"mean": 0, "std": 1, "a": -2, "b": 2},
    "xavier_uniform": {"gain": 1},
    "xavier_normal": {"gain": 1},
    "kaiming_uniform": KAIMING,
    "kaiming_normal": KAIMING,
}
NORMALIZATION = {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}
DATA = {
    "linear_noise": {"validation_points": 0},
    "table": {
        **{f"{split}_{part}": [] for split in ("validation", "test") for part in "xy"},
        "shape": None,
        "classes": None,
    },
    "shapes32": {"validation": 0, "label_noise": 0, "seed": 0, **NORMALIZATION},
    "cifar10": {"train": None, "validation": 0, "test": None, **NORMALIZATION},
}
LOSSES = {"SmoothL1Loss": {"beta": 1}, "HuberLoss": {"delta": 1}, "CrossEntropyLoss": {"label_smoothing": 0}}
DECAY = {"weight_decay": 0, "weight_decay_biases": True}
ADAM = {"betas": [0.9, 0.999], "eps": 1e-8}
OPTIMIZERS = {
    "SGD": {"momentum": 0, "dampening": 0, "nesterov": False, **DECAY},
    "Adam": {**ADAM, **DECAY},
    "AdamW": {**ADAM, **DECAY, "weight_decay": 0.01},
    "RMSprop": {"alpha": 0.99, "eps": 1e-8, "momentum": 0, "centered": False, **DECAY},
    "Adagrad": {"lr_decay": 0, "initial_accumulator_value": 0, "eps": 1e-10, **DECAY},
}
SCHEDULES = {
    "StepLR": {"gamma": 0.1, "interval": "epoch"},
    "ExponentialLR": {"interval": "epoch"},
    "CosineAnnealingLR": {"eta_min": 0, "interval": "epoch"},
    "OneCycleLR": {
        "pct_start": 0.3,
        "anneal_strategy": "cos",
        "div_factor": 25,
        "final_div_factor": 1e4,
        "three_phase": False,
        "cycle_momentum": True,
        "base_momentum": 0.85,
        "max_momentum": 0.95,
    },
    "ReduceLROnPlateau": {
        "metric": "validation_loss",
        "factor": 0.1,
        "patience": 10,
        "threshold": 1e-4,
        "threshold_mode": "rel",
        "cooldown": 0,
        "min_lr": 0,
        "eps": 1e-8,
    },
}
REGULARIZATION = {
    "l1": 0,
    "l1_method": "subgradient",
    "l2": 0,
    "l2_form": "sum",
    "decoupled_decay": 0,
    "max_norm": None,
    "biases": True,
}
RECIPE = {
    "batch_size": None,
    "shuffle": False,
    "drop_last": False,
    "augmentation": [],
    "schedule": {"type": "constant"},
    "warm_up": None,
    "gradient_clipping": None,
    "regularization": REGULARIZATION,
    "early_stopping": None,
    "evaluate_every": 10,
    "checkpoint_every": 100,
}
DOCUMENT = {"description": "", "initialization": "sequential"}


def with_defaults(table, spec):
    return {**copy.deepcopy(table.get(spec["type"], {})), **spec}


def complete_layer(layer):
    layer = with_defaults(LAYERS, layer)
    if "init" in layer:
        layer["init"] = {name: with_defaults(INITIALIZERS, init) for name, init in layer["init"].items()}
    return layer


def complete_recipe(recipe):
    recipe = {**copy.deepcopy(RECIPE), **recipe}
    recipe["augmentation"] = [
        {"p": 0.5, **x} if x["type"] == "RandomHorizontalFlip" else x for x in recipe["augmentation"]
    ]
    recipe["loss"] = {"reduction": "mean", **with_defaults(LOSSES, recipe["loss"])}
    recipe["optimizer"] = with_defaults(OPTIMIZERS, recipe["optimizer"])
    recipe["schedule"] = with_defaults(SCHEDULES, recipe["schedule"])
    recipe["regularization"] = {**REGULARIZATION, **recipe["regularization"]}
    if recipe["warm_up"] is not None:
        recipe["warm_up"] = {"start_factor": 1 / 3, **recipe["warm_up"]}
    if recipe["early_stopping"] is not None:
        recipe["early_stopping"] = {"metric": "validation_loss", "min_delta": 0, **recipe["early_stopping"]}
    return recipe


def complete_parts(parts):
    """Data, model and recipe with every left-out field at its default."""
    return {
        "data": with_defaults(DATA, parts["data"]),
        "model": {"layers": [complete_layer(layer) for layer in parts["model"]["layers"]]},
        "recipe": complete_recipe(parts["recipe"]),
    }


def complete(document):
    """The document as the lab's parser gives it; tests hold the two together."""
    variants = [{"changes": {}, **variant} for variant in document["variants"]]
    return {**DOCUMENT, **document, **complete_parts(document), "variants": variants}


def key_of(node, segment):
    """One step down a path: by key in an object, by `name` in a list."""
    return next(i for i, x in enumerate(node) if x["name"] == segment) if isinstance(node, list) else segment


def resolve(document, variant_name):
    """The document's data, model and recipe with the variant's changes applied."""
    document = complete(document)
    variant = next(v for v in document["variants"] if v["name"] == variant_name)
    base = copy.deepcopy({key: document[key] for key in ("data", "model", "recipe")})
    for path, value in variant["changes"].items():
        *parents, last = path.split(".")
        node = base
        for segment in parents:
            node = node[key_of(node, segment)]
        node[key_of(node, last)] = value
    return complete_parts(base)
