"""Writes the small files in fixtures/ with the programs that people use: safetensors, torch, onnx and NumPy. The tests read
them with the lab's readers; expected.json holds every value as float32.

    python test/interop/make_fixtures.py
"""

import json
import os
import warnings

import numpy as np
import onnx
import safetensors
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import save_file
from torch import nn

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")


def path(name):
    return os.path.join(FOLDER, name)


def values(tensor):
    flat = torch.as_tensor(tensor).float().flatten().tolist()
    return {"shape": list(torch.as_tensor(tensor).shape), "values": [float("%.9g" % x) for x in flat]}


def small_net():
    """Linear(3, 4), BatchNorm, ReLU, Linear(4, 2); the first weights from a fixed seed."""
    torch.manual_seed(3)
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
    net(torch.randn(8, 3))  # so that the running statistics are no longer zeros and ones
    return net.eval()


def write_safetensors():
    torch.manual_seed(4)
    tensors = {
        "f32": torch.randn(2, 3),
        "f64": torch.randn(3, dtype=torch.float64),
        "f16": torch.tensor([0.0, -0.0, 1.5, 65504.0, 6e-8, 3e-5], dtype=torch.float16),
        "bf16": torch.randn(4).bfloat16(),
        "i64": torch.tensor([[-7], [2**24]]),
        "i32": torch.tensor([5, -6], dtype=torch.int32),
        "u8": torch.arange(5, dtype=torch.uint8),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "ünïcode/\"quoted\"": torch.ones(1),
    }
    save_file(tensors, path("types.safetensors"), metadata={"format": "pt", "note": "zwölf"})
    net = small_net()
    save_file(net.state_dict(), path("sequential.safetensors"))
    prefixed = {f"module.{name}": tensor.contiguous() for name, tensor in net.state_dict().items()}
    save_file(prefixed, path("prefixed.safetensors"))
    return {name: values(tensor) for name, tensor in tensors.items()}, {k: values(v) for k, v in net.state_dict().items()}


def write_onnx():
    net = small_net()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter that needs no further package is deprecated
        torch.onnx.export(net, (torch.randn(1, 3),), path("torch.onnx"), dynamo=False)
        # Equal arrays (fresh BatchNorm) are written once, with an Identity for the other name.
        fresh = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)).eval()
        torch.onnx.export(fresh, (torch.randn(1, 3),), path("shared.onnx"), dynamo=False)
    weight, bias = net[0].weight.detach().numpy(), net[0].bias.detach().numpy()
    square = np.arange(4, dtype=np.float32).reshape(2, 2)
    half = weight.astype(np.float16)
    tensors = [
        numpy_helper.from_array(np.ascontiguousarray(weight.T), "onnx::MatMul_1"),
        # Values in a list of floats instead of raw bytes.
        helper.make_tensor("float_list", TensorProto.FLOAT, [4], bias.tolist()),
        # A square matrix stored [in, out]: only the node says so.
        numpy_helper.from_array(square, "square"),
        # Half-precision numbers as whole numbers, and as raw bytes of f64.
        helper.make_tensor("half", TensorProto.FLOAT16, half.shape, half.flatten().tolist()),
        numpy_helper.from_array(np.array([1.5, -2.5]), "double"),
        numpy_helper.from_array(np.array([2, 2], dtype=np.int64), "shape"),
        numpy_helper.from_array(np.float32(0.5), "constant"),
    ]
    nodes = [
        helper.make_node("MatMul", ["x", "onnx::MatMul_1"], ["a"]),
        helper.make_node("Add", ["a", "float_list"], ["b"]),
        helper.make_node("Mul", ["b", "constant"], ["c"]),
        helper.make_node("Reshape", ["c", "shape"], ["d"]),
        helper.make_node("Gemm", ["d", "square"], ["e"], transB=0),
        helper.make_node("Gemm", ["e", "half"], ["f"], transB=1),
        helper.make_node("Add", ["f", "double"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "by hand",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        tensors,
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), path("by-hand.onnx"))
    return {
        "onnx::MatMul_1": values(torch.from_numpy(weight)),
        "float_list": values(torch.from_numpy(bias)),
        "square": values(torch.from_numpy(np.ascontiguousarray(square.T))),
        "half": values(torch.from_numpy(half)),
        "double": values([1.5, -2.5]),
    }, {k: values(v) for k, v in fresh.state_dict().items()}


def write_npy():
    rows = np.arange(6, dtype=np.float32).reshape(2, 3) / 7
    cube = np.arange(24, dtype=np.float64).reshape(2, 3, 4)
    arrays = {
        "rows": rows,
        "column-major": np.asfortranarray(cube),
        "bytes": np.arange(5, dtype=np.uint8),
        "flags": np.array([True, False]),
        "scalar": np.float32(2.5),
        "half": np.array([1.5, -2.0], np.float16),
        "empty": np.zeros((0, 3), np.float32),
    }
    for name, array in arrays.items():
        np.save(path(f"{name}.npy"), array)
    np.save(path("objects.npy"), np.array([{}], object), allow_pickle=True)
    np.save(path("big-endian.npy"), rows.astype(">f4"))
    return {name: values(np.array(array, order="C")) for name, array in arrays.items()}


def main():
    os.makedirs(FOLDER, exist_ok=True)
    types, sequential = write_safetensors()
    by_hand, shared = write_onnx()
    expected = {
        "made_by": {
            "torch": torch.__version__,
            "safetensors": safetensors.__version__,
            "onnx": onnx.__version__,
            "numpy": np.__version__,
        },
        "types": types,
        "sequential": sequential,
        "by_hand": by_hand,
        "shared": shared,
        "npy": write_npy(),
    }
    with open(path("expected.json"), "w", encoding="utf-8", newline="\n") as file:
        json.dump(expected, file, indent=1, ensure_ascii=False)
        file.write("\n")


main()
