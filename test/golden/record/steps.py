"""
Records single updates in the midst of the bundled examples: everything that decides an update (parameters, the optimizer's
state) before it, and what it makes of them. A chaotic run says little about one that rounds differently; each of its
updates does. For `parity --live` only, so the numbers go to a file of raw float32 (`steps.f32`) beside `steps.json`.

    python test/golden/record/steps.py --out FOLDER --pictures FOLDER [--curves]

The pictures of the example on pictures lie in a folder as train.bin, validation.bin and test.bin, in CIFAR-10's form. The first losses
of the examples that regression.py does not record whole go to `curves.json`; with --curves nothing else is recorded.
"""

import argparse
import json
import os

import torch

from data import read_pictures
from experiment import Run
from fixture import edges, tensor_bytes, write

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "assets", "examples")
# Updates that have been taken before the recorded one.
AFTER = {"regression": (1, 10, 100, 250, 499), "numpy-dropout": (1, 10, 100, 1000, 4999), "cnn": (1, 100, 499)}
CURVE_STEPS = 100
# In the order in which the lab keeps them.
STATES = {"SGD": ("momentum_buffer",), "Adam": ("exp_avg", "exp_avg_sq")}


def arrays_of(run):
    """Parameters by name, then what the optimizer keeps of them (`fc1.weight.state1`)."""
    names = STATES[run.recipe["optimizer"]["type"]]
    parameters = list(run.net.named_parameters())
    yield from parameters
    for name, parameter in parameters:
        state = run.optimizer.state[parameter]
        for i, kept in enumerate(names):
            if state.get(kept) is not None:
                yield f"{name}.state{i + 1}", state[kept]


class Floats:
    """The file of numbers; says where each array lies."""

    def __init__(self, path):
        self.file = open(path, "wb")
        self.length = 0

    def keep(self, run):
        kept = {}
        for name, values in arrays_of(run):
            self.file.write(tensor_bytes(values))
            kept[name] = {"offset": self.length, "length": values.numel()}
            self.length += values.numel()
        return kept


def record(example, document, variant, images, floats):
    """The first losses, and the chosen updates unless `floats` is None."""
    run = Run(document, variant, document["seed"], images)
    common = {"example": example, "variant": variant, "seed": document["seed"]}
    initial = {name: {"shape": list(p.shape), **edges(p)} for name, p in run.net.named_parameters()}
    losses, steps = [], []
    last = CURVE_STEPS - 1 if floats is None else max(AFTER[example])
    for step in range(last + 1):
        chosen = floats is not None and step in AFTER[example]
        before = floats.keep(run) if chosen else None
        taken = run.update()
        losses.append(taken["train_loss"])
        if chosen:
            kept = {"before": before, "arrays": floats.keep(run)}
            steps.append({**common, "after": step, "train_loss": taken["train_loss"], "lr": taken["lr"], **kept})
    return {**common, "initial": initial, "train_loss": losses[:CURVE_STEPS]}, steps


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--pictures", required=True)
    parser.add_argument("--curves", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    os.makedirs(options.out, exist_ok=True)
    floats = None if options.curves else Floats(os.path.join(options.out, "steps.f32"))
    curves, steps = [], []
    for example in AFTER:
        whole = example == "regression"
        if whole and options.curves:
            continue
        with open(os.path.join(EXAMPLES, f"{example}.json"), encoding="utf-8") as file:
            document = json.load(file)
        images = None
        if document["data"]["type"] == "shapes32":
            images = {x: read_pictures(os.path.join(options.pictures, f"{x}.bin")) for x in ("train", "validation", "test")}
        for variant in document["variants"]:
            curve, chosen = record(example, document, variant["name"], images, floats)
            curves += [] if whole else [curve]
            steps += chosen
    write(options.out, "curves", "each document's", curves)
    if floats is not None:
        floats.file.close()
        write(options.out, "steps", "each document's", steps)


main()
