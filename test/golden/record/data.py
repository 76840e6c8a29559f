"""A document's examples as tensors, split by split: drawn, written out, or pictures handed in."""

import torch

PIXELS = 3 * 32 * 32


def noisy_line(spec, n):
    """x [n, 1] at even distances, and a function that draws targets y = slope*x + noise*N(0,1)."""
    x = torch.unsqueeze(torch.linspace(spec["x_min"], spec["x_max"], n), 1)

    def target():
        return spec["slope"] * x + spec["noise"] * torch.normal(torch.zeros(n, 1), torch.ones(n, 1))

    return x, target


def linear_noise(spec, images):
    """Train targets are drawn first, then test targets at the same x, then validation's."""
    x, target = noisy_line(spec, spec["points"])
    splits = {"train": (x, target()), "test": (x, target())}
    if spec["validation_points"] > 0:
        x, target = noisy_line(spec, spec["validation_points"])
        splits["validation"] = (x, target())
    return splits


def table(spec, images):
    """Rows as they are written, pictures in their shape; class indices as int64."""

    def split_of(x, y):
        inputs = torch.tensor(x, dtype=torch.float32)
        if spec["shape"] is not None:
            inputs = inputs.view(-1, *spec["shape"])
        if spec["classes"] is None:
            return inputs, torch.tensor(y, dtype=torch.float32)
        return inputs, torch.tensor(y, dtype=torch.int64).flatten()

    parts = {"train": "", "validation": "validation_", "test": "test_"}
    return {
        split: split_of(spec[f"{prefix}x"], spec[f"{prefix}y"])
        for split, prefix in parts.items()
        if spec[f"{prefix}x"]
    }


def pictures(spec, images):
    """(pixel/255 - mean)/std, each operation in float32 as torchvision's ToTensor and Normalize; only splits with pictures."""
    mean, std = (torch.tensor(spec[name], dtype=torch.float32).view(3, 1, 1) for name in ("mean", "std"))
    return {
        split: (pixels.float().div(255).sub(mean).div(std), labels.long())
        for split, (pixels, labels) in images.items()
        if len(labels) > 0
    }


DATA = {"linear_noise": linear_noise, "table": table, "shapes32": pictures, "cifar10": pictures}


def draw_data(spec, images=None):
    """
    x and y of each split that there is (`train`, `validation`, `test`).
    @param images for data of pictures: split -> (u8 [n, 3, 32, 32], labels [n]).
    """
    return DATA[spec["type"]](spec, images)


def input_shape(spec):
    """Sizes of one example."""
    if spec["type"] in ("shapes32", "cifar10"):
        return (3, 32, 32)
    if spec["type"] == "table":
        return tuple(spec["shape"] or (len(spec["x"][0]),))
    return (1,)


def read_pictures(path):
    """Pictures and labels of a file in CIFAR-10's binary form: one byte of label, then 3072 of pixels, per picture."""
    with open(path, "rb") as file:
        rows = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8).view(-1, 1 + PIXELS)
    return rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0]
