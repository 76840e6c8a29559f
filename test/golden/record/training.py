"""Records ten updates of small nets: every optimizer option, every penalty, every layer, with all parameters after 1 and 10 updates."""

from experiment import train
from fixture import output_folder, write

STEPS = 10
SEED = 7
LAYERS = [
    {"type": "Linear", "name": "fc1", "out_features": 7, "bias": True},
    {"type": "Tanh", "name": "tanh1"},
    {"type": "Linear", "name": "fc2", "out_features": 13, "bias": False},
    {"type": "Sigmoid", "name": "sigmoid1"},
    {"type": "Linear", "name": "fc3", "out_features": 5, "bias": True},
    {"type": "ReLU", "name": "relu1"},
    {"type": "Linear", "name": "fc4", "out_features": 1, "bias": True},
]
SGD = {"type": "SGD", "lr": 0.05, "momentum": 0, "nesterov": False, "weight_decay": 0}
ADAM = {"type": "Adam", "lr": 0.01, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0}
NONE = {"l1": 0, "l2": 0, "l2_form": "sum", "biases": True}


def with_dropout(p, q):
    """Dropout before and after an activation, so that both orders are seen."""
    layers = list(LAYERS)
    layers.insert(5, {"type": "Dropout", "name": "dropout2", "p": q})
    layers.insert(2, {"type": "Dropout", "name": "dropout1", "p": p})
    return layers


def linear_only(bias):
    return [{"type": "Linear", "name": "fc1", "out_features": 1, "bias": bias}]


# name: [optimizer, penalties, layers, points]
CASES = {
    "sgd": [SGD, NONE, LAYERS, 13],
    "sgd momentum": [{**SGD, "momentum": 0.9}, NONE, LAYERS, 13],
    "sgd nesterov": [{**SGD, "momentum": 0.9, "nesterov": True}, NONE, LAYERS, 13],
    "sgd weight_decay": [{**SGD, "weight_decay": 0.1}, NONE, LAYERS, 13],
    "sgd all": [{**SGD, "momentum": 0.8, "nesterov": True, "weight_decay": 0.01}, NONE, LAYERS, 13],
    "adam": [ADAM, NONE, LAYERS, 13],
    "adam betas": [{**ADAM, "betas": [0.5, 0.9]}, NONE, LAYERS, 13],
    "adam betas zero": [{**ADAM, "betas": [0.0, 0.0]}, NONE, LAYERS, 13],
    "adam eps": [{**ADAM, "eps": 0.1}, NONE, LAYERS, 13],
    "adam weight_decay": [{**ADAM, "weight_decay": 0.01}, NONE, LAYERS, 13],
    "l1": [SGD, {**NONE, "l1": 0.01}, LAYERS, 13],
    "l1 without biases": [SGD, {**NONE, "l1": 0.01, "biases": False}, LAYERS, 13],
    "l2 sum": [SGD, {**NONE, "l2": 0.1}, LAYERS, 13],
    "l2 half": [SGD, {**NONE, "l2": 0.1, "l2_form": "half"}, LAYERS, 13],
    "l1 and l2 without biases": [ADAM, {"l1": 0.01, "l2": 0.1, "l2_form": "half", "biases": False}, LAYERS, 13],
    "dropout": [ADAM, NONE, with_dropout(0.5, 0.2), 13],
    "dropout of few": [SGD, NONE, with_dropout(0.1, 0), 2],
    "two points": [SGD, NONE, LAYERS, 2],
    "17 points": [ADAM, NONE, LAYERS, 17],
    "line": [SGD, NONE, linear_only(True), 20],
    "line without bias": [ADAM, NONE, linear_only(False), 3],
}


def document(name, optimizer, penalties, layers, points):
    return {
        "format": "overfit-experiment",
        "version": 1,
        "name": name,
        "seed": SEED,
        "initialization": "sequential",
        "data": {"type": "linear_noise", "points": points, "x_min": -1.3, "x_max": 2.1, "slope": 0.7, "noise": 0.2},
        "model": {"layers": layers},
        "recipe": {
            "steps": STEPS,
            "loss": {"type": "MSELoss"},
            "optimizer": optimizer,
            "regularization": penalties,
            "evaluate_every": 3,
        },
        "variants": [{"name": "only", "changes": {}}],
    }


def main():
    folder = output_folder(__doc__)
    cases = []
    for name, (optimizer, penalties, layers, points) in CASES.items():
        experiment = document(name, optimizer, penalties, layers, points)
        cases.append({"experiment": experiment, **train(experiment, "only", SEED, parameters_at=(1, STEPS), fits_at=(9,))})
    write(folder, "training", SEED, cases)


if __name__ == "__main__":
    main()
