"""Records each operation of cases.py alone: layers (forward, all gradients, state, evaluation), losses, optimizers,
schedules, penalties, clipping, constraints.

Inputs are not stored: they are normals drawn from the case's seed, in the order inputs, weight, bias, running_mean,
running_var, gradient of the output, and then whatever the layer draws.
"""

import torch

import cases
from document import complete_layer, complete_recipe
from fixture import edges, f32, output_folder, write
from network import PrintedMask, module_for
from recipe import Schedule, clip, limit_norm, loss_for, optimizer_for, shrink, soft_threshold

EDGE = 48
UPDATES = 10


def prepared(x, spec):
    """What the case does to the normals that are a layer's input."""
    x = x * spec.get("scale", 1)
    if "grid" in spec:
        x = (x / spec["grid"]).floor() * spec["grid"]
    if "zero_every" in spec:
        x.view(-1)[:: spec["zero_every"]] = 0
    return x.sigmoid() if "sigmoid" in spec else x


def printed(module, a):
    """The printed dropout alone: `a` is the Sigmoid's output, and what its gradient gets belongs to the Sigmoid's input."""
    return PrintedMask.apply(a, a.detach(), torch.nn.functional.dropout(torch.ones_like(a), module.p))


@torch.no_grad()
def draw_values(module):
    """Normals into every parameter; running variances between 0.5 and 1.5."""
    for parameter in module.parameters():
        parameter.copy_(torch.randn(parameter.shape))
    if hasattr(module, "running_mean"):
        module.running_mean.copy_(torch.randn(module.running_mean.shape))
        module.running_var.copy_(torch.rand(module.running_var.shape) + 0.5)


def layer(seed, kind, options, x, shapes):
    spec = complete_layer({"type": kind, "name": "layer", **options})
    module = module_for(spec, shapes[0][1:])
    torch.manual_seed(seed)
    inputs = [prepared(torch.randn(shape), x).requires_grad_() for shape in shapes]
    draw_values(module)
    with torch.no_grad():
        dy = torch.randn(module.eval()(*inputs).shape)
    module.train()
    y = printed(module, *inputs) if spec.get("gradient") == "as_printed" else module(*inputs)
    y.backward(dy)
    outputs = {"y": y, **{f"dx{i}": tensor.grad for i, tensor in enumerate(inputs)}}
    outputs |= {f"d{name}": parameter.grad for name, parameter in module.named_parameters()}
    outputs |= {name: values for name, values in module.named_buffers() if name.startswith("running")}
    with torch.no_grad():
        outputs["evaluated"] = module.eval()(*inputs)
    return {"layer": spec, "x": x, "inputs": shapes}, outputs


def loss(seed, kind, options, shape):
    """Scores are normals times 2; targets normals, or from 0 to 1, or classes, drawn next."""
    spec = complete_recipe({"loss": {"type": kind, **options}, "optimizer": cases.SGD, "regularization": {}})["loss"]
    torch.manual_seed(seed)
    y = (torch.randn(shape) * 2).requires_grad_()
    if kind in ("CrossEntropyLoss", "NLLLoss"):
        target = torch.randint(0, shape[1], (shape[0],))
    else:
        target = torch.rand(shape) if kind == "BCEWithLogitsLoss" else torch.randn(shape)
    value = loss_for(spec)(y, target)
    value.backward()
    return {"loss": spec, "shape": shape}, {"value": value, "dx": y.grad}


class Lone:
    """One parameter array without a net, for optimizer_for."""

    def __init__(self, parameter, optimizer):
        self.recipe = {"optimizer": optimizer}
        self.parameter = parameter

    def decayed(self):
        return {self.recipe["optimizer"]["weight_decay"]: [self.parameter]}


def completed(optimizer, schedule=None, warm_up=None):
    recipe = {"loss": {"type": "MSELoss"}, "optimizer": optimizer, "regularization": {}, "warm_up": warm_up}
    return complete_recipe({**recipe, **({"schedule": schedule} if schedule else {})})


def updates(seed, optimizer, size):
    """Ten updates; each step's gradient is the next `size` normals, times 0.1."""
    spec = completed(optimizer)["optimizer"]
    torch.manual_seed(seed)
    w = torch.randn(size, requires_grad=True)
    torch_optimizer = optimizer_for(Lone(w, spec))
    for _ in range(UPDATES):
        w.grad = torch.randn(size) * 0.1
        torch_optimizer.step()
    return {"optimizer": spec, "size": size}, {"w": w}


def schedule(optimizer, scheduled, warm_up, steps, epoch):
    """Learning rate and momentum of every update, in f64; after each there is an evaluation, and one before the first."""
    recipe = completed(optimizer, scheduled, warm_up)
    w = torch.zeros(1, requires_grad=True)
    w.grad = torch.zeros(1)
    torch_optimizer = optimizer_for(Lone(w, recipe["optimizer"]))
    moved = Schedule(recipe, torch_optimizer, steps)
    metrics = [cases.plateau_metric(step) for step in range(steps + 1)]
    rates, momenta = [], []
    for step in range(steps):
        moved.after_evaluation({"validation": metrics[step]})
        rates.append(moved.lr())
        momenta.append(moved.momentum())
        torch_optimizer.step()
        moved.after_update((step + 1) % epoch == 0)
    chosen = {name: recipe[name] for name in ("optimizer", "schedule", "warm_up")}
    return {
        "operation": "schedule",
        "recipe": chosen,
        "epoch": epoch,
        "metrics": metrics,
        "lr": rates,
        "momentum": momenta,
    }


def penalty(seed, name, weight, size):
    """Every fifth value is set to 0, where |w| has no derivative and torch takes 0."""
    torch.manual_seed(seed)
    w = torch.randn(size)
    w[::5] = 0
    w.requires_grad_()
    terms = {"l1": w.abs().sum(), "l2_sum": (w * w).sum(), "l2_half": 0.5 * (w * w).sum()}
    value = weight * terms[name]
    value.backward()
    return {"size": size, "form": name, "weight": weight}, {"value": value, "dx": w.grad}


def clipping(seed, spec):
    torch.manual_seed(seed)
    net = torch.nn.ParameterList([torch.zeros(shape) for shape in cases.CLIPPED])
    for parameter in net:
        parameter.grad = torch.randn(parameter.shape)
    clip(net, spec)
    return {"clipping": spec, "shapes": cases.CLIPPED}, {f"g{i}": parameter.grad for i, parameter in enumerate(net)}


def constraint(seed, kind, lr, weight, shape):
    torch.manual_seed(seed)
    w = torch.randn(shape)
    if kind == "decoupled_decay":
        shrink(w, lr * weight)
    elif kind == "proximal":
        soft_threshold(w, lr * weight)
    else:
        limit_norm(w, weight)
    return {"kind": kind, "lr": lr, "weight": weight, "shape": shape}, {"w": w}


def main():
    folder = output_folder(__doc__)
    recorded = []

    def add(operation, record, seed, *arguments):
        described, outputs = record(seed, *arguments)
        found = {name: {**edges(x, EDGE), "scale": f32(x.abs().max().item())} for name, x in outputs.items()}
        recorded.append({"operation": operation, "seed": seed, **described, "outputs": found})

    for i, case in enumerate(cases.LAYERS):
        add("layer", layer, 1000 + i, *case)
    for i, case in enumerate(cases.LOSSES):
        add("loss", loss, 2000 + i, *case)
    for optimizer in cases.OPTIMIZERS:
        for size in (1, 7, 300):
            add("updates", updates, 60, optimizer, size)
    for case in cases.PENALTIES:
        for size in cases.PENALTY_SIZES:
            add("penalty", penalty, 50, *case, size)
    for i, spec in enumerate(cases.CLIPPINGS):
        add("clipping", clipping, 70 + i, spec)
    for case in cases.CONSTRAINTS:
        for i, shape in enumerate(cases.CONSTRAINED):
            add("constraint", constraint, 80 + i, *case, shape)
    recorded += [schedule(*case) for case in cases.SCHEDULES]
    write(folder, "operations", "each case names its own", recorded)


if __name__ == "__main__":
    main()
