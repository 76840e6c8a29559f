"""Trains one variant of an experiment document in plain PyTorch, by the lab's rules for seeds, and records what the lab must reproduce."""

import copy
from collections import OrderedDict

import torch

from fixture import edges, f32, numbers, sha256

FIT_GRID_POINTS = 201


def resolve(document, variant_name):
    """The document's data, model and recipe with the variant's changes applied. Lists go by their elements' names."""
    variant = next(v for v in document["variants"] if v["name"] == variant_name)
    base = copy.deepcopy({key: document[key] for key in ("data", "model", "recipe")})
    for path, value in variant["changes"].items():
        *parents, last = path.split(".")
        node = base
        for segment in parents:
            node = next(x for x in node if x["name"] == segment) if isinstance(node, list) else node[segment]
        node[last] = value
    return base


def draw_data(spec):
    """x [n, 1], train and test targets [n, 1]: x = linspace, y = slope*x + noise*N(0,1), train drawn first."""
    n = spec["points"]
    x = torch.unsqueeze(torch.linspace(spec["x_min"], spec["x_max"], n), 1)

    def target():
        return spec["slope"] * x + spec["noise"] * torch.normal(torch.zeros(n, 1), torch.ones(n, 1))

    train = target()
    return x, train, target()


def build(model):
    """The model as torch.nn modules under the document's names; initialised as torch does, layer by layer."""
    layers, features = OrderedDict(), 1
    for spec in model["layers"]:
        kind = spec["type"]
        if kind == "Linear":
            layers[spec["name"]] = torch.nn.Linear(features, spec["out_features"], bias=spec["bias"])
            features = spec["out_features"]
        elif kind == "Dropout":
            layers[spec["name"]] = torch.nn.Dropout(spec["p"])
        else:
            layers[spec["name"]] = {"ReLU": torch.nn.ReLU, "Tanh": torch.nn.Tanh, "Sigmoid": torch.nn.Sigmoid}[kind]()
    return torch.nn.Sequential(layers)


def optimizer_for(spec, parameters):
    options = {key: value for key, value in spec.items() if key != "type"}
    return {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}[spec["type"]](parameters, **options)


def penalties(net, spec):
    """L1 and L2 terms of the objective."""
    chosen = [p for name, p in net.named_parameters() if spec["biases"] or not name.endswith("bias")]
    l1 = spec["l1"] * sum(p.abs().sum() for p in chosen)
    l2 = spec["l2"] * (0.5 if spec["l2_form"] == "half" else 1.0) * sum((p * p).sum() for p in chosen)
    return l1, l2


def fit_grid(spec):
    margin = (spec["x_max"] - spec["x_min"]) * 0.05
    low, high = spec["x_min"] - margin, spec["x_max"] + margin
    points = [low + ((high - low) * i) / (FIT_GRID_POINTS - 1) for i in range(FIT_GRID_POINTS)]
    return torch.tensor(points).unsqueeze(1)


def prepare(document, variant_name, seed):
    """
    Data and initialised net of a variant; the generator is left where its masks begin.
    `sequential`: every variant before it in the document is initialised first; `same`: it starts right after the data.
    """
    chosen = resolve(document, variant_name)
    torch.manual_seed(seed)
    data = draw_data(chosen["data"])
    if document["initialization"] == "sequential":
        for variant in document["variants"]:
            if variant["name"] == variant_name:
                break
            build(resolve(document, variant["name"])["model"])
    return chosen, data, build(chosen["model"])


def train(document, variant_name, seed, parameters_at=(), fits_at=()):
    """
    One whole run.
    @param parameters_at steps after which all parameters are recorded.
    @param fits_at evaluated steps whose fitted curve is recorded.
    """
    chosen, (x, train_y, test_y), net = prepare(document, variant_name, seed)
    recipe = chosen["recipe"]
    regularization = recipe["regularization"]
    optimizer = optimizer_for(recipe["optimizer"], net.parameters())
    loss_function = torch.nn.MSELoss()
    grid = fit_grid(chosen["data"])
    record = {
        "variant": variant_name,
        "seed": seed,
        "x": numbers(x),
        "train_y": numbers(train_y),
        "test_y": numbers(test_y),
        "initial": {name: {"shape": list(p.shape), **edges(p)} for name, p in net.named_parameters()},
        "train_loss": [],
        "penalty_l1": [],
        "penalty_l2": [],
        "evaluations": [],
        "parameters": {},
    }

    def evaluate(step):
        net.eval()
        with torch.no_grad():
            evaluation = {
                "step": step,
                "train_eval_loss": f32(loss_function(net(x), train_y).item()),
                "test_loss": f32(loss_function(net(x), test_y).item()),
            }
            if step in fits_at:
                evaluation["fit"] = numbers(net(grid))
        record["evaluations"].append(evaluation)
        net.train()

    evaluate(0)
    for step in range(1, recipe["steps"] + 1):
        loss = loss_function(net(x), train_y)
        l1, l2 = penalties(net, regularization)
        objective = loss
        if regularization["l1"] > 0:
            objective = objective + l1
        if regularization["l2"] > 0:
            objective = objective + l2
        optimizer.zero_grad()
        objective.backward()
        optimizer.step()
        record["train_loss"].append(f32(loss.item()))
        record["penalty_l1"].append(f32(l1.item()))
        record["penalty_l2"].append(f32(l2.item()))
        if step % recipe["evaluate_every"] == 0 or step == recipe["steps"]:
            evaluate(step)
        if step in parameters_at:
            record["parameters"][str(step)] = {name: numbers(p) for name, p in net.named_parameters()}
    for name in ("penalty_l1", "penalty_l2"):
        if not any(record[name]):
            record[name] = []
    return record


def fingerprint(net):
    """One hash over all parameters, to compare two nets bit for bit."""
    return sha256(*net.parameters())
