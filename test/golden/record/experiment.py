"""Trains one variant of an experiment document in plain PyTorch, and records what the lab must reproduce.

This is what a document means. The pieces are in document.py, data.py, network.py and recipe.py; the order of things is here.
"""

import torch

from data import draw_data, input_shape
from document import complete, resolve
from fixture import edges, f32, numbers
from network import build
from recipe import (
    Schedule,
    Treatments,
    augment,
    batches,
    clip,
    constrain,
    decay,
    loss_for,
    objective,
    optimizer_for,
    penalties,
)
from stream import position

FIT_GRID_POINTS = 201
EVALUATED_AT_ONCE = 500


def fit_grid(spec):
    margin = (spec["x_max"] - spec["x_min"]) * 0.05
    low, high = spec["x_min"] - margin, spec["x_max"] + margin
    points = [low + ((high - low) * i) / (FIT_GRID_POINTS - 1) for i in range(FIT_GRID_POINTS)]
    return torch.tensor(points).unsqueeze(1)


def prepare(document, variant_name, seed, images=None):
    """
    Data and initialised net of a variant; the generator is left where training begins.
    `sequential`: every variant before it in the document is initialised first; `same`: it starts right after the data.
    """
    document = complete(document)
    chosen = resolve(document, variant_name)
    torch.manual_seed(seed)
    data = draw_data(chosen["data"], images)
    if document["initialization"] == "sequential":
        for variant in document["variants"]:
            if variant["name"] == variant_name:
                break
            earlier = resolve(document, variant["name"])
            build(earlier["model"]["layers"], input_shape(earlier["data"]))
    return chosen, data, build(chosen["model"]["layers"], input_shape(chosen["data"]))


def total_steps(recipe, rows):
    if "steps" in recipe:
        return recipe["steps"]
    size = recipe["batch_size"]
    per_epoch = 1 if size is None else rows // size if recipe["drop_last"] else -(-rows // size)
    return recipe["epochs"] * per_epoch


def outputs_of(net, x):
    """In slices, without a DataLoader: evaluation must not touch the generator."""
    return torch.cat([net(x[i : i + EVALUATED_AT_ONCE]) for i in range(0, len(x), EVALUATED_AT_ONCE)])


def scores(outputs, y, loss_function):
    """Data loss in evaluation mode; of classes also the share of right ones, of numbers the mean absolute error."""
    result = {"loss": f32(loss_function(outputs, y).item())}
    if y.is_floating_point():
        return {**result, "mae": f32((outputs - y).abs().mean().item())}
    return {**result, "accuracy": f32((outputs.argmax(dim=1) == y).float().mean().item())}


class EarlyStopping:
    """Says when the metric has not got better by more than min_delta for `patience` evaluations; step 0's is the first."""

    def __init__(self, spec):
        self.spec = spec
        self.best = None
        self.waited = 0

    def ends(self, evaluation):
        if self.spec is None:
            return False
        metric = self.spec["metric"].removeprefix("validation_")
        value = evaluation["validation"][metric]
        least = self.spec["min_delta"]
        if self.best is None or (value < self.best - least if metric == "loss" else value > self.best + least):
            self.best, self.waited = value, 0
            return False
        self.waited += 1
        return self.waited >= self.spec["patience"]


def norm_of(values):
    return f32(torch.linalg.vector_norm(values).item())


def named_values(net):
    """Trained values and running statistics by torch's names."""
    return {name: values for name, values in net.state_dict().items() if not name.endswith("num_batches_tracked")}


class Run:
    """One variant on its way; `record` grows step by step."""

    def __init__(self, document, variant_name, seed, images=None):
        self.chosen, self.data, self.net = prepare(document, variant_name, seed, images)
        self.recipe = self.chosen["recipe"]
        self.seed = seed
        self.stream = position(seed)
        self.x, self.y = self.data["train"]
        self.steps = total_steps(self.recipe, len(self.x))
        self.loss_function = loss_for(self.recipe["loss"])
        self.treatments = Treatments(self.net, self.recipe)
        self.optimizer = optimizer_for(self.treatments)
        self.schedule = Schedule(self.recipe, self.optimizer, self.steps)
        self.stopping = EarlyStopping(self.recipe["early_stopping"])
        self.batches = batches(len(self.x), self.recipe)

    @torch.no_grad()
    def evaluate(self):
        """Scores of every split in evaluation mode."""
        self.net.eval()
        result = {split: scores(outputs_of(self.net, x), y, self.loss_function) for split, (x, y) in self.data.items()}
        self.net.train()
        return result

    @torch.no_grad()
    def fit(self):
        self.net.eval()
        curve = numbers(self.net(fit_grid(self.chosen["data"])))
        self.net.train()
        return curve

    def update(self, with_norms=True):
        """One update. Returns the data loss, both penalties before it, its learning rate, momentum and gradient norms."""
        indices, ends_epoch = next(self.batches)
        x, y = (self.x, self.y) if indices is None else (self.x[indices], self.y[indices])
        loss = self.loss_function(self.net(augment(x, self.recipe["augmentation"])), y)
        l1, l2 = penalties(self.treatments)
        self.optimizer.zero_grad()
        objective(loss, l1, l2, self.treatments).backward()
        norms = with_norms and {name: norm_of(p.grad) for name, p in self.net.named_parameters()}
        clip(self.net, self.recipe["gradient_clipping"])
        lr, momentum = self.schedule.lr(), self.schedule.momentum()
        decay(self.treatments, lr)
        self.optimizer.step()
        constrain(self.treatments, lr)
        self.schedule.after_update(ends_epoch)
        return {
            "train_loss": f32(loss.item()),
            "penalty_l1": f32(torch.as_tensor(l1).item()),
            "penalty_l2": f32(torch.as_tensor(l2).item()),
            "lr": lr,
            "momentum": momentum,
            "gradient_norms": norms,
        }


STEP_COLUMNS = ("train_loss", "penalty_l1", "penalty_l2")


def sample(values, size=64):
    """Norm, and at most `size` values at even distances, for arrays that are too long to be kept."""
    flat = values.detach().flatten()
    return {"norm": norm_of(flat), "every": (every := -(-flat.numel() // size)), "values": numbers(flat[::every])}


def train(
    document,
    variant_name,
    seed,
    parameters_at=(),
    samples_at=(),
    fits_at=(),
    images=None,
    detailed=False,
    until=None,
    curve=None,
):
    """
    One run.
    @param parameters_at steps after which all parameters (and running statistics) are recorded.
    @param samples_at steps after which a sample of them is.
    @param fits_at evaluated steps whose fitted curve is recorded.
    @param images see draw_data.
    @param detailed records learning rates, momenta, gradient norms, every split's scores, the last parameters and the
        generator's place, too.
    @param until updates to take; None: as many as the document says.
    @param curve updates whose losses are recorded; None: all.
    """
    run = Run(document, variant_name, seed, images)
    last = run.steps if until is None else until
    net, data = run.net, run.data
    columns = STEP_COLUMNS + (("lr", "momentum", "gradient_norms") if detailed else ())
    record = {"variant": variant_name, "seed": seed}
    if run.chosen["data"]["type"] == "linear_noise":
        record["x"] = numbers(data["train"][0])
        record |= {f"{split}_y": numbers(data[split][1]) for split in ("train", "test", "validation") if split in data}
    record |= {"initial": {name: {"shape": list(p.shape), **edges(p)} for name, p in named_values(net).items()}}
    record |= {name: [] for name in columns} | {"evaluations": [], "parameters": {}}
    if detailed:
        record["stream"] = run.stream
    if samples_at:
        record["samples"] = {}

    def keep_parameters(step):
        record["parameters"][str(step)] = {name: numbers(p) for name, p in named_values(net).items()}

    def evaluate(step):
        """Records the scores, ticks a schedule that waits for them; returns whether the run ends early."""
        found = run.evaluate()
        losses = {split: found[split]["loss"] for split in found}
        evaluation = {"step": step, "train_eval_loss": losses["train"]}
        if "test" in losses:
            evaluation["test_loss"] = losses["test"]
        if detailed:
            evaluation["scores"] = found
        if step in fits_at:
            evaluation["fit"] = run.fit()
        record["evaluations"].append(evaluation)
        run.schedule.after_evaluation(losses)
        return run.stopping.ends(found)

    if 0 in parameters_at:
        keep_parameters(0)
    ended = evaluate(0)
    for step in range(1, last + 1):
        if ended:
            break
        taken = run.update(with_norms=detailed)
        if curve is None or step <= curve:
            for name in columns:
                record[name].append(taken[name])
        if step % run.recipe["evaluate_every"] == 0 or step == run.steps:
            ended = evaluate(step)
        if step in parameters_at or (detailed and (ended or step == run.steps)):
            keep_parameters(step)
        if step in samples_at:
            record["samples"][str(step)] = {name: sample(values) for name, values in named_values(net).items()}
    for name in ("penalty_l1", "penalty_l2"):
        if not any(record[name]):
            record[name] = []
    return record
