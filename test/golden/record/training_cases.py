"""The table of short runs: what the lab's references and its engine are compared with, one line per thing a document can say."""

from training_nets import (
    BRANCHES,
    CONVOLUTIONS,
    KINDS,
    LAYERS,
    LINE,
    NORMALIZED,
    NUMPY_DROPOUT,
    PICTURES,
    SCORES,
    SHARES,
    SMALL,
    SMALL_PICTURES,
    STRIDED,
    TABLE,
    VALIDATED,
    XOR,
    init,
    initialized,
    layer,
    linear,
    own,
    points,
    two_targets,
    with_dropout,
)

SEED = 7
STEPS = 10
SGD = {"type": "SGD", "lr": 0.05}
ADAM = {"type": "Adam", "lr": 0.01}
ADAMW = {"type": "AdamW", "lr": 0.01}
RMSPROP = {"type": "RMSprop", "lr": 0.005}
ADAGRAD = {"type": "Adagrad", "lr": 0.05}
MOMENTUM = {**SGD, "momentum": 0.9}
CLASSES = {"type": "CrossEntropyLoss"}
BATCHES = {"batch_size": 4}
SHUFFLED = {**BATCHES, "shuffle": True}


def recipe(optimizer=SGD, loss="MSELoss", **rest):
    loss = {"type": loss} if isinstance(loss, str) else loss
    regularization = rest.pop("regularization", {})
    return {
        "steps": STEPS,
        "loss": loss,
        "optimizer": optimizer,
        "regularization": regularization,
        "evaluate_every": 3,
        **rest,
    }


def penalized(optimizer=SGD, **values):
    return recipe(optimizer, regularization=values)


def scheduled(optimizer=SGD, warm_up=None, **schedule):
    return recipe(optimizer, schedule=schedule, warm_up=warm_up, batch_size=5)


# name: data, layers, recipe, and rarely: the rest of the document
CASES = {
    "sgd": (LINE, LAYERS, recipe()),
    "sgd momentum": (LINE, LAYERS, recipe(MOMENTUM)),
    "sgd dampening": (LINE, LAYERS, recipe({**MOMENTUM, "dampening": 0.4})),
    "sgd nesterov": (LINE, LAYERS, recipe({**MOMENTUM, "nesterov": True})),
    "sgd weight_decay": (LINE, LAYERS, recipe({**SGD, "weight_decay": 0.1})),
    "sgd weight_decay without biases": (
        LINE,
        LAYERS,
        recipe({**SGD, "weight_decay": 0.1, "weight_decay_biases": False}),
    ),
    "sgd all": (LINE, LAYERS, recipe({**MOMENTUM, "momentum": 0.8, "nesterov": True, "weight_decay": 0.01})),
    "adam": (LINE, LAYERS, recipe(ADAM)),
    "adam betas": (LINE, LAYERS, recipe({**ADAM, "betas": [0.5, 0.9]})),
    "adam betas zero": (LINE, LAYERS, recipe({**ADAM, "betas": [0.0, 0.0]})),
    "adam eps": (LINE, LAYERS, recipe({**ADAM, "eps": 0.1})),
    "adam weight_decay": (LINE, LAYERS, recipe({**ADAM, "weight_decay": 0.01})),
    "adamw": (LINE, LAYERS, recipe({**ADAMW, "weight_decay": 0.1})),
    "adamw without biases": (LINE, LAYERS, recipe({**ADAMW, "weight_decay": 0.3, "weight_decay_biases": False})),
    "rmsprop": (LINE, LAYERS, recipe(RMSPROP)),
    "rmsprop momentum": (LINE, LAYERS, recipe({**RMSPROP, "momentum": 0.8, "alpha": 0.9, "weight_decay": 0.01})),
    "rmsprop centered": (LINE, LAYERS, recipe({**RMSPROP, "centered": True, "momentum": 0.5, "eps": 1e-3})),
    "adagrad": (LINE, LAYERS, recipe(ADAGRAD)),
    "adagrad all": (
        LINE,
        LAYERS,
        recipe({**ADAGRAD, "lr_decay": 0.1, "initial_accumulator_value": 0.1, "weight_decay": 0.1}),
    ),
    "l1": (LINE, LAYERS, penalized(l1=0.01)),
    "l1 without biases": (LINE, LAYERS, penalized(l1=0.01, biases=False)),
    "l1 proximal": (LINE, LAYERS, penalized(l1=0.3, l1_method="proximal")),
    "l1 proximal, adam, without biases": (LINE, LAYERS, penalized(ADAM, l1=0.5, l1_method="proximal", biases=False)),
    "l2 sum": (LINE, LAYERS, penalized(l2=0.1)),
    "l2 half": (LINE, LAYERS, penalized(l2=0.1, l2_form="half")),
    "l1 and l2 without biases": (LINE, LAYERS, penalized(ADAM, l1=0.01, l2=0.1, l2_form="half", biases=False)),
    "decoupled decay": (LINE, LAYERS, penalized(MOMENTUM, decoupled_decay=0.5)),
    "decoupled decay, adam, without biases": (LINE, LAYERS, penalized(ADAM, decoupled_decay=2, biases=False)),
    "max norm": (LINE, LAYERS, penalized(max_norm=0.4)),
    "everything at once": (
        LINE,
        LAYERS,
        recipe(
            {**MOMENTUM, "weight_decay": 0.02},
            regularization={"l1": 0.1, "l1_method": "proximal", "l2": 0.05, "decoupled_decay": 0.1, "max_norm": 0.7},
            gradient_clipping={"type": "norm", "max_norm": 0.3},
        ),
    ),
    "layers with their own values": (
        LINE,
        own({"l1": 0.05, "l2": 0, "weight_decay": 0.2}, max_norm=None, decoupled_decay=1, l2=0.3),
        recipe(
            {**SGD, "weight_decay": 0.05},
            regularization={"l1": 0.01, "l2": 0.1, "decoupled_decay": 0.2, "max_norm": 0.6},
        ),
    ),
    "layers with their own values, without biases": (
        LINE,
        own({"l1": 0.4, "weight_decay": 0.2}, max_norm=0.3, decoupled_decay=1),
        recipe(
            {**ADAMW, "weight_decay_biases": False},
            regularization={"l1": 0.1, "l1_method": "proximal", "decoupled_decay": 0.2, "biases": False},
        ),
    ),
    "clipping by norm": (
        LINE,
        LAYERS,
        recipe(regularization={"l2": 0.1}, gradient_clipping={"type": "norm", "max_norm": 0.5}),
    ),
    "clipping by a norm that is not reached": (
        LINE,
        LAYERS,
        recipe(gradient_clipping={"type": "norm", "max_norm": 100}),
    ),
    "clipping by value": (LINE, LAYERS, recipe(gradient_clipping={"type": "value", "clip_value": 0.05})),
    "step": (LINE, SMALL, scheduled(type="StepLR", step_size=3, gamma=0.5, interval="step")),
    "step by epochs": (LINE, SMALL, scheduled(type="StepLR", step_size=2, gamma=0.3)),
    "exponential": (LINE, SMALL, scheduled(ADAM, type="ExponentialLR", gamma=0.9, interval="step")),
    "exponential by epochs, warm-up": (LINE, SMALL, scheduled(warm_up={"steps": 4}, type="ExponentialLR", gamma=0.7)),
    "cosine": (LINE, SMALL, scheduled(type="CosineAnnealingLR", T_max=4, eta_min=0.01, interval="step")),
    "cosine, warm-up": (
        LINE,
        SMALL,
        scheduled(ADAMW, {"steps": 3, "start_factor": 0.1}, type="CosineAnnealingLR", T_max=10, interval="step"),
    ),
    "one cycle": (LINE, SMALL, scheduled(MOMENTUM, type="OneCycleLR", max_lr=0.1)),
    "one cycle, adam": (LINE, SMALL, scheduled(ADAM, type="OneCycleLR", max_lr=0.05, pct_start=0.4, div_factor=5)),
    "one cycle in three phases": (
        LINE,
        SMALL,
        scheduled(
            {**RMSPROP, "momentum": 0.5}, type="OneCycleLR", max_lr=0.01, three_phase=True, anneal_strategy="linear"
        ),
    ),
    "one cycle without momentum": (LINE, SMALL, scheduled(type="OneCycleLR", max_lr=0.1, cycle_momentum=False)),
    "plateau": (
        VALIDATED,
        SMALL,
        recipe(
            {**SGD, "lr": 0.9}, schedule={"type": "ReduceLROnPlateau", "patience": 0, "factor": 0.5}, evaluate_every=1
        ),
    ),
    "plateau of the train loss, warm-up": (
        LINE,
        SMALL,
        recipe(
            {**SGD, "lr": 1.2},
            schedule={"type": "ReduceLROnPlateau", "metric": "train_loss", "patience": 1, "factor": 0.3, "cooldown": 1},
            warm_up={"steps": 3},
            evaluate_every=1,
        ),
    ),
    "early stopping": (
        VALIDATED,
        SMALL,
        recipe({**SGD, "lr": 0.2}, early_stopping={"patience": 2, "min_delta": 0.02}, evaluate_every=1),
    ),
    "batches": (LINE, SMALL, recipe(**BATCHES)),
    "batches with dropout": (LINE, with_dropout(0.5, 0.2), recipe(**BATCHES)),
    "batches without the last": (LINE, SMALL, recipe(**BATCHES, drop_last=True)),
    "shuffled": (LINE, with_dropout(0.3, 0.4), recipe(**SHUFFLED)),
    "shuffled, by epochs": (
        LINE,
        SMALL,
        {k: v for k, v in recipe(**SHUFFLED, drop_last=True, epochs=3).items() if k != "steps"},
    ),
    "batch of one": (points(5), SMALL, recipe({**SGD, "lr": 0.01}, batch_size=1, shuffle=True)),
    "dropout": (LINE, with_dropout(0.5, 0.2), recipe(ADAM)),
    "dropout of few": (points(2), with_dropout(0.1, 0), recipe()),
    "two points": (points(2), LAYERS, recipe()),
    "17 points": (points(17), LAYERS, recipe(ADAM)),
    "line": (points(20), [linear("fc1", 1)], recipe()),
    "line without bias": (points(3), [linear("fc1", 1, bias=False)], recipe(ADAM)),
    "validation": (VALIDATED, LAYERS, recipe()),
    "noise on numbers": (LINE, SMALL, recipe(**SHUFFLED, augmentation=[{"type": "GaussianNoise", "std": 0.1}])),
    "l1 loss": (TABLE, two_targets(layer("ELU", "elu1", alpha=0.7)), recipe(loss="L1Loss")),
    "smooth l1 loss": (TABLE, two_targets(layer("SiLU", "silu1")), recipe(loss={"type": "SmoothL1Loss", "beta": 0.4})),
    "huber loss": (TABLE, two_targets(layer("GELU", "gelu1")), recipe(loss={"type": "HuberLoss", "delta": 0.3})),
    "sum of squares": (
        TABLE,
        two_targets(layer("LeakyReLU", "leaky1")),
        recipe({**SGD, "lr": 0.01}, loss={"type": "MSELoss", "reduction": "sum"}),
    ),
    "binary cross-entropy": (
        SHARES,
        two_targets(layer("Tanh", "tanh1")),
        recipe({**SGD, "lr": 0.5}, loss="BCEWithLogitsLoss", **SHUFFLED),
    ),
    "softmax inside": (TABLE, two_targets(layer("Softmax", "softmax1")), recipe({**SGD, "lr": 0.5})),
    "log softmax inside": (TABLE, two_targets(layer("LogSoftmax", "log1")), recipe()),
    "batch norm of features": (
        TABLE,
        [linear("fc1", 8, bias=False), layer("BatchNorm1d", "bn1"), layer("ReLU", "relu1"), linear("out", 2)],
        recipe(MOMENTUM, **BATCHES),
    ),
    "batch norm without weights": (
        TABLE,
        [
            layer("BatchNorm1d", "bn1", affine=False, momentum=0.3),
            linear("fc1", 8),
            layer("Tanh", "tanh1"),
            linear("out", 2),
        ],
        recipe(ADAM, regularization={"l2": 0.01, "biases": False}),
    ),
    "layer norm of features": (TABLE, two_targets(layer("LayerNorm", "norm1"), layer("Tanh", "tanh1")), recipe(ADAM)),
    "layer norm without bias": (
        TABLE,
        two_targets(layer("LayerNorm", "norm1", bias=False)),
        recipe({**SGD, "weight_decay": 0.1, "weight_decay_biases": False}),
    ),
    "alpha dropout": (TABLE, two_targets(layer("AlphaDropout", "drop1", p=0.3), layer("ELU", "elu1")), recipe()),
    "gaussian dropout": (
        TABLE,
        two_targets(layer("GaussianDropout", "drop1", p=0.3), layer("Tanh", "tanh1")),
        recipe(),
    ),
    "gaussian dropout of few": (
        points(3),
        [linear("fc1", 3), layer("GaussianDropout", "drop1", p=0.4), linear("fc2", 1)],
        recipe(batch_size=2),
    ),
    "drop connect": (
        TABLE,
        [
            layer("DropConnect", "fc1", out_features=8, p=0.4),
            layer("Tanh", "tanh1"),
            layer("DropConnect", "out", out_features=2, p=0.2, bias=False),
        ],
        recipe(**SHUFFLED, regularization={"max_norm": 0.8, "l1": 0.01, "biases": False}),
    ),
    "rows of classes": (
        KINDS,
        [linear("fc1", 6), layer("Tanh", "tanh1"), linear("out", 3)],
        recipe(
            MOMENTUM, CLASSES, **SHUFFLED, schedule={"type": "ReduceLROnPlateau", "metric": "validation_loss", "patience": 0}
        ),
    ),
    "rows that are pictures": (
        SMALL_PICTURES,
        [
            layer("Conv2d", "conv1", out_channels=3, kernel_size=2),
            layer("Tanh", "tanh1"),
            layer("Flatten", "flatten"),
            linear("out", 1),
        ],
        recipe(MOMENTUM, **BATCHES),
    ),
    "branches": (TABLE, BRANCHES, recipe(MOMENTUM, **BATCHES)),
    "numpy dropout as printed": (
        XOR,
        NUMPY_DROPOUT,
        recipe({**SGD, "lr": 0.5}, loss={"type": "MSELoss", "reduction": "sum"}),
    ),
    "numpy dropout corrected": (
        XOR,
        [{**x, "gradient": "chain_rule"} if x["type"] == "Dropout" else x for x in NUMPY_DROPOUT],
        recipe({**SGD, "lr": 0.5}, loss={"type": "MSELoss", "reduction": "sum"}),
    ),
    "initialised uniform, normal": (
        LINE,
        initialized(
            fc1={"weight": init("uniform", a=-0.5, b=0.7), "bias": init("normal", mean=0.1, std=0.2)},
            fc2={"weight": init("normal", std=0.3)},
            fc3={"bias": init("uniform")},
        ),
        recipe(),
    ),
    "initialised xavier, kaiming": (
        LINE,
        initialized(
            fc1={"weight": init("xavier_uniform", gain=1.5), "bias": init("zeros")},
            fc2={"weight": init("xavier_normal")},
            fc3={
                "weight": init("kaiming_uniform", mode="fan_out", nonlinearity="relu"),
                "bias": init("constant", val=0.05),
            },
            fc4={"weight": init("kaiming_normal", a=0.2), "bias": init("ones")},
        ),
        recipe(),
    ),
    "initialised truncated": (
        LINE,
        initialized(
            fc1={"weight": init("trunc_normal", std=0.5, a=-0.6, b=0.4)},
            fc2={"weight": init("kaiming_uniform", nonlinearity="tanh")},
        ),
        recipe(ADAM),
    ),
    "after other variants": (
        LINE,
        SMALL,
        recipe(**SHUFFLED),
        {
            "variants": [
                {"name": "wider", "changes": {"model.layers.fc1.out_features": 9}},
                {
                    "name": "drawn anew",
                    "changes": {"model.layers.fc2": linear("fc2", 1, init={"weight": init("normal")})},
                },
                {"name": "only"},
            ]
        },
    ),
    "beside other variants": (
        LINE,
        SMALL,
        recipe(),
        {
            "initialization": "same",
            "variants": [{"name": "wider", "changes": {"model.layers.fc1.out_features": 9}}, {"name": "only"}],
        },
    ),
    "pictures": (PICTURES, CONVOLUTIONS, recipe({**MOMENTUM, "weight_decay": 0.01}, CLASSES, **SHUFFLED)),
    "pictures, all at once": (PICTURES, CONVOLUTIONS, recipe({**ADAM, "lr": 0.002, "eps": 1e-4}, CLASSES)),
    "pictures, label smoothing": (
        PICTURES,
        STRIDED,
        recipe(loss={**CLASSES, "label_smoothing": 0.1}, **BATCHES, regularization={"max_norm": 0.5, "l2": 0.01}),
    ),
    "pictures normalised": (PICTURES, NORMALIZED, recipe({**SGD, "lr": 0.02}, CLASSES, **SHUFFLED, drop_last=True)),
    "pictures augmented": (
        PICTURES,
        STRIDED,
        recipe(
            {**SGD, "lr": 0.02},
            CLASSES,
            **SHUFFLED,
            augmentation=[
                {"type": "RandomHorizontalFlip"},
                {"type": "RandomCrop", "padding": 4},
                {"type": "GaussianNoise", "std": 0.05},
            ],
        ),
    ),
    "pictures with log-probabilities": (
        {**PICTURES, "mean": [0.4, 0.5, 0.45], "std": [0.2, 0.25, 0.3]},
        [*SCORES, layer("LogSoftmax", "log1")],
        recipe({**SGD, "lr": 0.01}, {"type": "NLLLoss", "reduction": "sum"}, **SHUFFLED),
    ),
    "stopped by accuracy": (
        PICTURES,
        SCORES,
        recipe(
            {**SGD, "lr": 0.3},
            CLASSES,
            **BATCHES,
            early_stopping={"metric": "validation_accuracy", "patience": 3},
            schedule={"type": "ReduceLROnPlateau", "patience": 0, "factor": 0.5},
            evaluate_every=2,
        ),
    ),
}
