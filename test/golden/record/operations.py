"""Records each operation alone: forward and all gradients at awkward shapes, penalties, and ten updates of each optimizer.

Inputs are not stored: they are standard normals drawn in the order x, w, b, dy (those that the operation has) from the case's seed.
"""

import torch

from fixture import edges, f32, output_folder, write

LINEAR = [
    (1, 1, 1, True),
    (1, 7, 5, False),
    (7, 13, 5, True),
    (13, 7, 1, True),
    (3, 1, 17, False),
    (20, 1, 300, True),
    (20, 300, 300, True),
    (20, 300, 1, True),
    (1, 300, 300, False),
]
ELEMENTWISE = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}
SIZES = [1, 7, 65, 6000]


def linear(seed, batch, in_features, out_features, bias):
    torch.manual_seed(seed)
    x = torch.randn(batch, in_features, requires_grad=True)
    w = torch.randn(out_features, in_features, requires_grad=True)
    b = torch.randn(out_features, requires_grad=True) if bias else None
    dy = torch.randn(batch, out_features)
    y = torch.nn.functional.linear(x, w, b)
    y.backward(dy)
    outputs = {"y": y, "dx": x.grad, "dw": w.grad, **({"db": b.grad} if bias else {})}
    return {"batch": batch, "in_features": in_features, "out_features": out_features, "bias": bias}, outputs


def elementwise(seed, name, size):
    torch.manual_seed(seed)
    x = torch.randn(size).mul_(3).requires_grad_()
    dy = torch.randn(size)
    y = ELEMENTWISE[name](x)
    y.backward(dy)
    return {"size": size}, {"y": y, "dx": x.grad}


def dropout(seed, size, p):
    torch.manual_seed(seed)
    x = torch.randn(size, requires_grad=True)
    dy = torch.randn(size)
    y = torch.nn.functional.dropout(x, p, training=True)
    y.backward(dy)
    evaluated = torch.nn.Dropout(p).eval()(x)
    return {"size": size, "p": p}, {"y": y, "dx": x.grad, "evaluated": evaluated}


def mse_loss(seed, size):
    torch.manual_seed(seed)
    y = torch.randn(size, requires_grad=True)
    target = torch.randn(size)
    loss = torch.nn.MSELoss()(y, target)
    loss.backward()
    return {"size": size}, {"loss": loss, "dx": y.grad}


def penalty(seed, size, name, weight):
    """Every fifth value is set to 0, where |w| has no derivative and torch takes 0."""
    torch.manual_seed(seed)
    w = torch.randn(size)
    w[::5] = 0
    w.requires_grad_()
    terms = {"l1": w.abs().sum(), "l2_sum": (w * w).sum(), "l2_half": 0.5 * (w * w).sum()}
    value = weight * terms[name]
    value.backward()
    return {"size": size, "form": name, "weight": weight}, {"value": value, "dx": w.grad}


SGD = {"lr": 0.05, "momentum": 0, "nesterov": False, "weight_decay": 0}
ADAM = {"lr": 0.01, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0}
OPTIMIZERS = [
    ("SGD", SGD),
    ("SGD", {**SGD, "momentum": 0.9}),
    ("SGD", {**SGD, "momentum": 0.9, "nesterov": True}),
    ("SGD", {**SGD, "weight_decay": 0.1}),
    ("SGD", {**SGD, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("Adam", ADAM),
    ("Adam", {**ADAM, "betas": [0.5, 0.9]}),
    ("Adam", {**ADAM, "betas": [0.0, 0.0]}),
    ("Adam", {**ADAM, "eps": 0.1}),
    ("Adam", {**ADAM, "weight_decay": 0.01}),
]


def updates(seed, name, options, size):
    """Ten updates; each step's gradient is the next `size` normals, times 0.1."""
    torch.manual_seed(seed)
    w = torch.randn(size, requires_grad=True)
    optimizer = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}[name]([w], **options)
    for _ in range(10):
        w.grad = torch.randn(size) * 0.1
        optimizer.step()
    return {"optimizer": name, "options": options, "size": size}, {"w": w}


def main():
    folder = output_folder(__doc__)
    cases = []

    def add(operation, record, seed, *arguments):
        described, outputs = record(seed, *arguments)
        recorded = {name: {**edges(x), "scale": f32(x.abs().max().item())} for name, x in outputs.items()}
        cases.append({"operation": operation, "seed": seed, **described, "outputs": recorded})

    for i, shape in enumerate(LINEAR):
        add("linear", linear, 10 + i, *shape)
    for name in ELEMENTWISE:
        for size in SIZES:
            add(name, lambda seed, n, name=name: elementwise(seed, name, n), 20, size)
    for size in (1, 65, 6000):
        for p in (0.1, 0.5, 0.8):
            add("dropout", dropout, 30, size, p)
    for size in (1, 7, 20, 6000):
        add("mse_loss", mse_loss, 40, size)
    for name in ("l1", "l2_sum", "l2_half"):
        for size in (1, 7, 6000):
            add("penalty", penalty, 50, size, name, 0.001)
    for name, options in OPTIMIZERS:
        for size in (1, 7, 300):
            add("updates", updates, 60, name, options, size)
    write(folder, "operations", "each case names its own", cases)


if __name__ == "__main__":
    main()
