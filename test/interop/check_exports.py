"""Holds what the lab exports against the programs it is meant for: PyTorch, NumPy, safetensors, onnx and onnxruntime.

    node test/interop/write-exports.ts FOLDER
    python test/interop/check_exports.py FOLDER

For every document in the folder's manifest: the PyTorch script runs and prints the lab's own losses (`lab.json`); its net takes the
exported weights under the lab's names; the ONNX file is valid and computes what that net computes; the safetensors and NPZ files
hold the same arrays; and the NumPy script, where there is one, prints the PyTorch script's losses.
Prints one line per document and exits with 1 when anything is off; with --json one object per document and none of its own judgement.
Without onnxruntime (and onnx), safetensors or NumPy what needs them is not run, and that is said.
"""

import argparse
import contextlib
import importlib.util
import io
import json
import math
import os
import runpy
import sys
import tarfile
import warnings

import torch

# Largest differences that hold. `lab`, `numpy`: of losses, over the first STEPS (chaotic runs part later where processors round
# differently, and NumPy scripts compute in float64, PyTorch in float32). `onnx`: of outputs, in the largest output.
BOUNDS = {"lab": 1e-4, "numpy": 1e-5, "onnx": 2e-6}
STEPS = {"lab": 30, "numpy": 10}
MODULES = {
    "numpy": ("numpy",),
    "onnx": ("numpy", "onnx", "onnxruntime"),
    "safetensors": ("numpy", "safetensors"),
}
MISSING = {
    kind: missing
    for kind, names in MODULES.items()
    if (missing := [name for name in names if importlib.util.find_spec(name) is None])
}


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


def archive_of(place):
    """The folder of stand-in pictures as CIFAR-10's archive."""
    archive = os.path.join(os.path.dirname(place), "cifar-10-binary.tar.gz")
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(place, arcname="cifar-10-batches-bin")
    return archive


def check_onnx(path, net, x):
    import numpy as np
    import onnx
    import onnxruntime

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


def check_arrays(entry, file, net):
    """Loads the exported weights into the script's net; returns what is wrong with the files or the names."""
    import numpy as np
    from safetensors.torch import load_file

    weights = load_file(file("model.safetensors"))
    with np.load(file("model.npz")) as arrays:
        if set(arrays.files) != set(weights) or any(not np.array_equal(arrays[k], v.numpy()) for k, v in weights.items()):
            yield "safetensors and npz differ"
    own = [k for k in net.state_dict() if not k.endswith("num_batches_tracked")]
    if len(own) != len(weights):
        yield f"the net has {len(own)} arrays, the file {len(weights)}"
    if not entry["renamed"] and own != list(weights):
        yield "names differ from torch's state_dict"
    net.load_state_dict(dict(zip(own, weights.values())), strict=False)


def lab_rows(path):
    with open(path, encoding="utf-8") as source:
        lab = json.load(source)
    rows = [{"step": i + 1, "train_loss": loss} for i, loss in enumerate(lab["train_loss"])]
    return rows + [{"evaluation": x["step"], **{k: v for k, v in x.items() if k != "step"}} for x in lab["evaluations"]]


def check(entry, root):
    """What is wrong in words, and the largest difference of each kind of comparison that was made."""
    folder, problems, found = os.path.join(root, entry["folder"]), [], {}
    file = lambda name: os.path.join(folder, name)
    arguments = []
    if entry["data"] == "cifar10":
        place = file("cifar-10-batches-bin")
        arguments = [archive_of(place)]
    scope, printed = run_script(file(entry["pytorch"]), *arguments)
    if entry["data"] == "cifar10" and run_script(file(entry["pytorch"]), place)[1] != printed:
        problems.append("folder and archive give different losses")
    if not all(math.isfinite(value) for row in printed for value in row.values()):
        problems.append("a loss is not finite")
    lab = lab_rows(file("lab.json"))
    if len(lab) != len(printed):
        problems.append(f"the script prints {len(printed)} lines, the lab has {len(lab)}")
    found["lab"] = differences(printed, lab, STEPS["lab"])

    net = scope["net"].eval()
    if "safetensors" not in MISSING:
        wrong = list(check_arrays(entry, file, net))
        found["safetensors"] = len(wrong)
        problems += wrong
    if "onnx" not in MISSING and "safetensors" not in MISSING:
        torch.manual_seed(1)
        found["onnx"] = check_onnx(file("model.onnx"), net, torch.randn(7, *scope["x_train"].shape[1:]))
    if entry["numpy"] and "numpy" not in MISSING:
        _, by_hand = run_script(file(entry["numpy"]), *arguments)
        if len(by_hand) != len(printed):
            problems.append(f"numpy prints {len(by_hand)} lines, torch {len(printed)}")
        found["numpy"] = differences(by_hand, printed, STEPS["numpy"])
    return problems, found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("names", nargs="*", help="only these documents")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with open(os.path.join(options.folder, "manifest.json"), encoding="utf-8") as source:
        manifest = json.load(source)
    chosen = [x for x in manifest if not options.names or x["name"] in options.names]
    say = lambda text: print(text, flush=True)
    if options.json:
        say(json.dumps({"missing": MISSING, "bounds": BOUNDS, "documents": len(chosen)}))
    wrong = 0
    for entry in chosen:
        try:
            problems, found = check(entry, options.folder)
        except BaseException as error:  # a script that fails or exits is a finding, not the end
            if isinstance(error, KeyboardInterrupt):
                raise
            problems, found = [f"{type(error).__name__}: {error}"], {}
        if options.json:
            say(json.dumps({"name": entry["name"], "problems": problems, "found": found}))
            continue
        problems += [f"{kind} differs by {x:.1e}" for kind, x in found.items() if x > BOUNDS.get(kind, 0)]
        wrong += bool(problems)
        notes = [f"{kind} {x:.1e}" for kind, x in found.items() if kind in BOUNDS]
        say(f"{'ok ' if not problems else 'BAD'} {entry['name']}: {', '.join(notes + problems)}")
    if options.json:
        return
    for kind, names in MISSING.items():
        say(f"not run: {kind}, because {' and '.join(names)} cannot be imported")
    say(f"{len(chosen)} exports, {wrong} wrong (torch {torch.__version__})")
    sys.exit(1 if wrong else 0)


main()
