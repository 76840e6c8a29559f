"""A document's recipe in plain PyTorch: batches and their augmentation, loss, optimizer, schedule, penalties, limits."""

import torch
from torch import nn
from torch.utils.data import DataLoader

from network import pair


def loss_for(spec):
    options = {name: value for name, value in spec.items() if name != "type"}
    return getattr(nn, spec["type"])(**options)


def batches(rows, recipe):
    """
    Endless batches: indices of the examples (None: all, in their order), and whether the batch ends a pass over them.
    Every pass begins with what torch's DataLoader draws from the default generator.
    """
    if recipe["batch_size"] is None:
        while True:
            yield None, True
    options = {"batch_size": recipe["batch_size"], "shuffle": recipe["shuffle"], "drop_last": recipe["drop_last"]}
    loader = DataLoader(range(rows), **options)
    while True:
        for i, indices in enumerate(loader):
            yield indices, i + 1 == len(loader)


def flip(x, spec):
    flipped = torch.rand(len(x)) < spec["p"]
    return torch.where(flipped.view(-1, 1, 1, 1), x.flip(3), x)


def crop(x, spec):
    padding = spec["padding"]
    corners = torch.randint(0, 2 * padding + 1, (len(x), 2))
    padded = nn.functional.pad(x, (padding,) * 4)
    height, width = x.shape[2:]
    return torch.stack(
        [p[:, top : top + height, left : left + width] for p, (top, left) in zip(padded, corners.tolist())]
    )


AUGMENTATIONS = {
    "RandomHorizontalFlip": flip,
    "RandomCrop": crop,
    "GaussianNoise": lambda x, spec: x + spec["std"] * torch.randn_like(x),
}


def augment(x, specs):
    """The inputs of a train batch (pictures are normalised already), changed in the order of the list; always draws."""
    for spec in specs:
        x = AUGMENTATIONS[spec["type"]](x, spec)
    return x


WEIGHTED = ("Linear", "Conv2d", "DropConnect")


class Treatments:
    """What each parameter gets: the recipe's values or its layer's own; biases and normalisation as the recipe says."""

    def __init__(self, net, recipe):
        self.parameters = list(net.named_parameters())
        self.layers = {spec["name"]: spec for spec in net.specs}
        self.recipe = recipe
        self.groups = {}

    def is_weight(self, name):
        layer, parameter = name.rsplit(".", 1)
        return parameter == "weight" and self.layers[layer]["type"] in WEIGHTED

    def value(self, name, key, common, everywhere):
        if not everywhere and not self.is_weight(name):
            return None
        return self.layers[name.rsplit(".", 1)[0]].get("regularization", {}).get(key, common)

    def grouped(self, key, common, everywhere=True):
        """Parameters by the value that they get, in the net's order; without those that get none. Found once, not every update."""
        if key in self.groups:
            return self.groups[key]
        groups = self.groups[key] = {}
        for name, parameter in self.parameters:
            value = self.value(name, key, common, everywhere)
            if value is not None:
                groups.setdefault(value, []).append(parameter)
        return groups

    def penalized(self, key):
        regularization = self.recipe["regularization"]
        return self.grouped(key, regularization[key], regularization["biases"])

    def limited(self):
        return self.grouped("max_norm", self.recipe["regularization"]["max_norm"], everywhere=False)

    def decayed(self):
        """For the optimizer: every parameter is in one of the groups."""
        optimizer = self.recipe["optimizer"]
        groups = {}
        for name, parameter in self.parameters:
            value = self.value(name, "weight_decay", optimizer["weight_decay"], optimizer["weight_decay_biases"])
            groups.setdefault(value or 0, []).append(parameter)
        return groups


def optimizer_for(treatments):
    """torch's optimizer, with one parameter group for each weight_decay that occurs."""
    spec = treatments.recipe["optimizer"]
    options = {name: pair(value) for name, value in spec.items() if name not in ("type", "weight_decay_biases")}
    groups = [{"params": params, "weight_decay": value} for value, params in treatments.decayed().items()]
    return getattr(torch.optim, spec["type"])(groups, **options)


class Schedule:
    """torch's own schedulers: a LinearLR for the warm-up, made and stepped first, and the document's schedule."""

    def __init__(self, recipe, optimizer, total_steps):
        self.optimizer = optimizer
        self.spec = recipe["schedule"]
        self.left = total_steps
        warm_up = recipe["warm_up"]
        schedulers = torch.optim.lr_scheduler
        self.warm_up = warm_up and schedulers.LinearLR(
            optimizer, start_factor=warm_up["start_factor"], total_iters=warm_up["steps"]
        )
        kind = self.spec["type"]
        options = {k: v for k, v in self.spec.items() if k not in ("type", "interval", "metric")}
        if kind == "OneCycleLR":
            options = {**options, "total_steps": total_steps, "pct_start": float(options["pct_start"])}
        self.scheduler = None if kind == "constant" else getattr(schedulers, kind)(optimizer, **options)

    def after_update(self, ends_epoch):
        # No tick after the last update: nothing uses it, and OneCycleLR can divide by zero there.
        self.left -= 1
        if self.left == 0:
            return
        if self.warm_up:
            self.warm_up.step()
        interval = {"constant": None, "ReduceLROnPlateau": None, "OneCycleLR": "step"}.get(
            self.spec["type"], self.spec.get("interval")
        )
        if interval == "step" or (interval == "epoch" and ends_epoch):
            self.scheduler.step()

    def after_evaluation(self, losses):
        """@param losses of the evaluation, by split; step 0's is the first tick."""
        if self.spec["type"] == "ReduceLROnPlateau":
            self.scheduler.step(losses[self.spec["metric"].removesuffix("_loss")])

    def lr(self):
        return self.optimizer.param_groups[0]["lr"]

    def momentum(self):
        """Momentum or first beta; None where the optimizer has none."""
        group = self.optimizer.param_groups[0]
        return group["betas"][0] if "betas" in group else group.get("momentum")


def penalties(treatments):
    """λ·Σ|w| and the L2 term, over each group of parameters with one λ; `objective` says which are in the loss."""
    factor = 0.5 if treatments.recipe["regularization"]["l2_form"] == "half" else 1.0
    l1 = sum(weight * sum(p.abs().sum() for p in group) for weight, group in treatments.penalized("l1").items())
    l2 = sum(
        weight * factor * sum((p * p).sum() for p in group) for weight, group in treatments.penalized("l2").items()
    )
    return l1, l2


def objective(loss, l1, l2, treatments):
    """The loss with the penalties that are in it; those of weight 0 are left out."""
    regularization = treatments.recipe["regularization"]
    if any(treatments.penalized("l1")) and regularization["l1_method"] == "subgradient":
        loss = loss + l1
    if any(treatments.penalized("l2")):
        loss = loss + l2
    return loss


def clip(net, spec):
    if spec is None:
        return
    if spec["type"] == "norm":
        nn.utils.clip_grad_norm_(net.parameters(), spec["max_norm"])
    else:
        nn.utils.clip_grad_value_(net.parameters(), spec["clip_value"])


@torch.no_grad()
def decay(treatments, lr):
    """Decoupled decay, before the update."""
    for weight, group in treatments.penalized("decoupled_decay").items():
        if weight > 0:
            for p in group:
                shrink(p, lr * weight)


def shrink(p, share):
    p.mul_(1 - share)


def soft_threshold(p, threshold):
    p.copy_(p.sign() * (p.abs() - threshold).clamp(min=0))


def limit_norm(p, limit):
    """Scales each row (filter) whose Euclidean norm exceeds the limit down to it."""
    norms = torch.linalg.vector_norm(p.flatten(1), dim=1).view(-1, *[1] * (p.dim() - 1))
    p.mul_(torch.where(norms > limit, limit / norms, torch.ones_like(norms)))


@torch.no_grad()
def constrain(treatments, lr):
    """After the update: the proximal step of L1, then max_norm."""
    if treatments.recipe["regularization"]["l1_method"] == "proximal":
        for weight, group in treatments.penalized("l1").items():
            for p in group:
                soft_threshold(p, lr * weight)
    for limit, group in treatments.limited().items():
        for p in group:
            limit_norm(p, limit)
