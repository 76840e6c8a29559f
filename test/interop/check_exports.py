"""Holds what the lab exports against the programs it is meant for: PyTorch, NumPy, safetensors, onnx and onnxruntime.

    node test/interop/write-exports.ts FOLDER
    python test/interop/check_exports.py FOLDER

For every document in the folder's manifest: the PyTorch script runs and its net takes the exported weights under the lab's
names; the ONNX file is valid and computes what that net computes; the safetensors and NPZ files hold the same arrays; and the
NumPy script, where there is one, prints the PyTorch script's losses. A document may come with the lab's own losses
(`lab.json`: {"train_loss": [...], "evaluations": [{"step", "train_loss", "test_loss"}]}); then those are compared, too.
Prints one line per document and exits with 1 when anything is off.
"""

import argparse
import contextlib
import io
import json
import os
import runpy
import sys
import tarfile
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors.torch import load_file

# NumPy scripts compute in float64, PyTorch in float32: this is float32's rounding, amplified by a few updates.
NUMPY_BOUND = 1e-5
NUMPY_STEPS = 10
# Largest difference of outputs, against the largest output: two orders of summation in float32.
ONNX_BOUND = 2e-6
# Over the first steps; chaotic runs part later where processors round differently.
LAB_BOUND = 1e-4
LAB_STEPS = 30


def run_script(path, *arguments):
    """The script's globals and what it printed, as objects."""
    old, text = sys.argv, io.StringIO()
    sys.argv = [path, "--json", *arguments]
    try:
        with contextlib.redirect_stdout(text), warnings.catch_warnings():
            warnings.simplefilter("error")
            scope = runpy.run_path(path, run_name="__main__")
    finally:
        sys.argv = old
    return scope, [json.loads(line) for line in text.getvalue().splitlines()]


def differences(ours, theirs, bound_steps):
    """Largest relative difference of train losses and of evaluations up to a step."""
    largest = 0.0
    mine = {("step" in row, row.get("step", row.get("evaluation"))): row for row in ours}
    for row in theirs:
        key = ("step" in row, row.get("step", row.get("evaluation")))
        if key[1] > bound_steps:
            continue
        for name in row.keys() - {"step", "evaluation"}:
            a, b = mine[key][name], row[name]
            largest = max(largest, abs(a - b) / (abs(b) + 1e-6))
    return largest


def small_cifar10(folder):
    """Files of the real format, with few pictures, as an archive and as a folder."""
    place = os.path.join(folder, "cifar-10-batches-bin")
    os.makedirs(place, exist_ok=True)
    generator = np.random.RandomState(3)
    names = [f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"]
    for name in names:
        rows = generator.randint(0, 256, (30, 3073)).astype(np.uint8)
        rows[:, 0] %= 10
        rows.tofile(os.path.join(place, name))
    archive = os.path.join(folder, "cifar-10-binary.tar.gz")
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(place, arcname="cifar-10-batches-bin")
    return place, archive


def check_onnx(path, net, x):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        want = net(x).numpy()
    worst = 0.0
    for rows in (1, 3, len(x)):
        (got,) = session.run(None, {"input": x[:rows].numpy()})
        if got.shape != want[:rows].shape:
            raise AssertionError(f"onnx gives {got.shape}, torch {want[:rows].shape}")
        worst = max(worst, float(np.abs(got - want[:rows]).max()))
    return worst / float(np.abs(want).max())


def check(entry):
    folder, problems, notes = entry["folder"], [], []
    file = lambda name: os.path.join(folder, name)
    arguments = []
    if entry["data"] == "cifar10":
        place, archive = small_cifar10(folder)
        arguments = [archive]
    scope, printed = run_script(file(entry["pytorch"]), *arguments)
    if entry["data"] == "cifar10" and run_script(file(entry["pytorch"]), place)[1] != printed:
        problems.append("folder and archive give different losses")
    if not all(np.isfinite(value) for row in printed for value in row.values()):
        problems.append("a loss is not finite")

    net = scope["net"].eval()
    weights = load_file(file("model.safetensors"))
    arrays = np.load(file("model.npz"))
    if set(arrays.files) != set(weights) or any(not np.array_equal(arrays[k], v.numpy()) for k, v in weights.items()):
        problems.append("safetensors and npz differ")
    own = [k for k in net.state_dict() if not k.endswith("num_batches_tracked")]
    if len(own) != len(weights):
        problems.append(f"the net has {len(own)} arrays, the file {len(weights)}")
    if not entry["renamed"] and own != list(weights):
        problems.append("names differ from torch's state_dict")
    net.load_state_dict(dict(zip(own, weights.values())), strict=False)

    torch.manual_seed(1)
    x = torch.randn(7, *scope["x_train"].shape[1:])
    worst = check_onnx(file("model.onnx"), net, x)
    notes.append(f"onnx {worst:.1e}")
    if worst > ONNX_BOUND:
        problems.append(f"onnx differs by {worst:.1e}")

    if entry["numpy"]:
        _, by_hand = run_script(file(entry["numpy"]), *arguments)
        if len(by_hand) != len(printed):
            problems.append(f"numpy prints {len(by_hand)} lines, torch {len(printed)}")
        worst = differences(by_hand, printed, NUMPY_STEPS)
        notes.append(f"numpy {worst:.1e}")
        if worst > NUMPY_BOUND:
            problems.append(f"numpy differs by {worst:.1e}")

    if os.path.exists(file("lab.json")):
        with open(file("lab.json"), encoding="utf-8") as source:
            lab = json.load(source)
        rows = [{"step": i + 1, "train_loss": loss} for i, loss in enumerate(lab["train_loss"])]
        rows += [{"evaluation": x.pop("step"), **x} for x in lab["evaluations"]]
        worst = differences(printed, rows, LAB_STEPS)
        notes.append(f"lab {worst:.1e}")
        if worst > LAB_BOUND:
            problems.append(f"the lab differs by {worst:.1e}")
    return problems, notes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("names", nargs="*", help="only these documents")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with open(os.path.join(options.folder, "manifest.json"), encoding="utf-8") as source:
        manifest = json.load(source)
    chosen = [x for x in manifest if not options.names or x["name"] in options.names]
    wrong = 0
    for entry in chosen:
        try:
            problems, notes = check(entry)
        except BaseException as error:  # a script that fails or exits is a finding, not the end
            if isinstance(error, KeyboardInterrupt):
                raise
            problems, notes = [f"{type(error).__name__}: {error}"], []
        wrong += bool(problems)
        print(f"{'ok ' if not problems else 'BAD'} {entry['name']}: {', '.join(notes + problems)}")
    print(f"{len(chosen)} exports, {wrong} wrong (torch {torch.__version__}, onnxruntime {onnxruntime.__version__})")
    sys.exit(1 if wrong else 0)


main()
