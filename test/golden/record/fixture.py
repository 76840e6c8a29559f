"""How a fixture is written: a header that says where it comes from, numbers that read back bit for bit, long lists as samples with a hash."""

import argparse
import ctypes
import hashlib
import json
import os
import sys

import torch

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "assets", "parity")
EDGE = 64


def output_folder(description):
    """The folder to write to: --out, else the committed fixtures. Fixes one thread, so that sums have one order."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", default=FIXTURES, help="folder for the fixture (default: the committed ones)")
    folder = parser.parse_args().out
    torch.set_num_threads(1)
    os.makedirs(folder, exist_ok=True)
    return folder


def tensor_bytes(tensor):
    """The little-endian bytes of a tensor, row-major."""
    tensor = tensor.detach().contiguous()
    return ctypes.string_at(tensor.data_ptr(), tensor.numel() * tensor.element_size())


def sha256(*tensors):
    digest = hashlib.sha256()
    for tensor in tensors:
        digest.update(tensor_bytes(tensor))
    return digest.hexdigest()


def f32(value):
    """A float32 as the shortest decimal of at most nine digits that reads back as the same float32."""
    return float("%.9g" % value)


def numbers(tensor):
    flat = tensor.detach().flatten()
    return [f32(x) for x in flat.tolist()] if flat.is_floating_point() else flat.tolist()


def edges(tensor, edge=EDGE):
    """Up to twice `edge` values whole; longer ones as the first and the last `edge`. The hash covers all."""
    flat = tensor.detach().flatten()
    record = {"length": flat.numel(), "sha256": sha256(flat)}
    if flat.numel() <= 2 * edge:
        return {**record, "values": numbers(flat)}
    return {**record, "first": numbers(flat[:edge]), "last": numbers(flat[-edge:])}


def write(folder, name, seed, content):
    """Writes `<folder>/<name>.json`, one line per element of `cases` so that changes can be read in a diff."""
    header = {
        "made_by": os.path.basename(sys.argv[0]),
        "command": f"python test/golden/record/{os.path.basename(sys.argv[0])}",
        "torch": torch.__version__,
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "threads": torch.get_num_threads(),
        "seed": seed,
    }
    path = os.path.join(folder, f"{name}.json")
    cases = ",\n".join(json.dumps(case, separators=(",", ":")) for case in content)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write('{"header":' + json.dumps(header) + ',\n"cases":[\n' + cases + "\n]}\n")
    print(f"wrote {os.path.normpath(path)}: {len(content)} cases")
