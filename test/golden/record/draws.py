"""Records draws of every distribution that the lab reproduces, and where each leaves the generator."""

import torch
from torch.utils.data import DataLoader, TensorDataset

from fixture import edges, output_folder, write

SIZES = [1, 15, 16, 17, 20, 300, 100_000]
SEEDS = [1, 2**40 + 7]
PROBABILITIES = [0.1, 0.2, 0.5, 0.8, 0.9, 1 / 3, 0.0, 1.0]


def next_draw():
    """The next 64 bits of the default generator, as text; tells its position."""
    return str(torch.empty((), dtype=torch.int64).random_(-(2**63), None).item() % 2**64)


def linear(in_features, out_features, bias):
    layer = torch.nn.Linear(in_features, out_features, bias=bias)
    return torch.cat([p.detach().flatten() for p in layer.parameters()])


def shuffled(rows, own_generator):
    data = TensorDataset(torch.arange(rows))
    if not own_generator:
        return torch.cat([row for (row,) in DataLoader(data, shuffle=True)])
    loader = DataLoader(data, shuffle=True, generator=torch.default_generator)
    return torch.cat([row for (row,) in loader])


def epoch(rows, batch_size, shuffle):
    loader = DataLoader(TensorDataset(torch.arange(rows)), batch_size=batch_size, shuffle=shuffle)
    return torch.cat([batch for (batch,) in loader]).int()


def pictures(n, height, width):
    return torch.linspace(-1, 1, n * 3 * height * width).view(n, 3, height, width)


def flip(x, p):
    return torch.where((torch.rand(len(x)) < p).view(-1, 1, 1, 1), x.flip(3), x)


def crop(x, padding):
    height, width = x.shape[2:]
    padded = torch.nn.functional.pad(x, (padding, padding, padding, padding))
    starts = torch.randint(0, 2 * padding + 1, (len(x), 2)).tolist()
    return torch.stack([x[:, top : top + height, left : left + width] for x, (top, left) in zip(padded, starts)])


def noisy(x, std):
    return x + std * torch.randn_like(x)


def pixel_table(mean, std):
    """torchvision's ToTensor and Normalize, of every pixel value in every channel."""
    levels = torch.arange(256, dtype=torch.uint8).expand(3, 1, 256)
    x = levels.to(torch.float32).div(255)
    return x.sub_(torch.tensor(mean).view(-1, 1, 1)).div_(torch.tensor(std).view(-1, 1, 1))


DRAWS = {
    "rand": lambda size: torch.rand(size),
    "uniform": lambda size, low, high: torch.empty(size).uniform_(low, high),
    "randn": lambda size: torch.randn(size),
    "normal": lambda size, mean, std: torch.empty(size).normal_(mean, std),
    "normal_of": lambda size: torch.normal(torch.linspace(-1, 1, size), torch.linspace(0.1, 2, size)),
    "linspace": lambda size, start, end: torch.linspace(start, end, size),
    "randperm": lambda size: torch.randperm(size).int(),
    "randint": lambda size, low, high: torch.randint(low, high, (size,)).double(),
    "bernoulli": lambda size, p: torch.empty(size).bernoulli_(p).to(torch.uint8),
    "dropout": lambda size, p: torch.nn.Dropout(p)(torch.ones(size)),
    "linear": linear,
    "shuffled_epoch": lambda size: shuffled(size, False).int(),
    "shuffled_epoch_from": lambda size: shuffled(size, True).int(),
    "epoch": epoch,
    "flip": lambda n, p: (torch.rand(n) < p).to(torch.uint8),
    "crop": lambda n, padding: torch.randint(0, 2 * padding + 1, (n, 2)).int(),
    "flipped": lambda n, height, width, p: flip(pictures(n, height, width), p),
    "cropped": lambda n, height, width, padding: crop(pictures(n, height, width), padding),
    "noisy": lambda n, height, width, std: noisy(pictures(n, height, width), std),
    "augmented": lambda n, height, width, p, padding, std: noisy(
        crop(flip(pictures(n, height, width), p), padding), std
    ),
    "pixel_table": lambda *values: pixel_table(values[:3], values[3:]),
}


def case(seed, *calls):
    """One seed and the calls made on its stream, with the next 64 bits after them."""
    torch.manual_seed(seed)
    draws = [{"draw": name, "arguments": arguments, **edges(DRAWS[name](*arguments))} for name, *arguments in calls]
    return {"seed": seed, "draws": draws, "next": next_draw()}


def main():
    folder = output_folder(__doc__)
    cases = []
    for seed in SEEDS:
        for size in SIZES:
            cases += [
                case(seed, call)
                for call in [
                    ("rand", size),
                    ("uniform", size, -0.3, 1.7),
                    ("randn", size),
                    ("normal", size, 1.5, 0.3),
                    ("normal_of", size),
                    ("linspace", size, -1.05, 1.7),
                    ("randperm", size),
                    ("randint", size, -7, 12),
                    ("randint", size, -5, 2**28 - 6),
                    ("randint", size, -5, 2**28 - 5),
                    ("randint", size, 0, 2**40 + 3),
                ]
            ]
            cases += [case(seed, ("bernoulli", size, p)) for p in (PROBABILITIES if size <= 300 else [0.1, 0.5, 0.8])]
            cases += [case(seed, ("dropout", size, p)) for p in (0.2, 0.5)]
        for rows in (1, 20, 300):
            cases += [case(seed, ("shuffled_epoch", rows)), case(seed, ("shuffled_epoch_from", rows))]
        for shape in [(1, 300, True), (300, 300, True), (300, 1, True), (7, 13, False), (13, 5, True)]:
            cases.append(case(seed, ("linear", *shape)))
        for rows, size in [(1, 1), (20, 4), (301, 4), (301, 128)]:
            for shuffle in (True, False):
                cases.append(case(seed, *[("epoch", rows, size, shuffle)] * 3))
        # An epoch's draws between masks, as training makes them.
        cases.append(
            case(seed, ("epoch", 20, 4, True), ("dropout", 400, 0.5), ("epoch", 20, 4, False), ("dropout", 7, 0.5), ("epoch", 20, 4, True))
        )
        for n in (1, 4, 17, 128):
            cases += [case(seed, ("flip", n, p)) for p in (0.5, 0.3, 0, 1)]
            cases += [case(seed, ("crop", n, padding)) for padding in (1, 4, 64)]
        cases += [
            case(seed, ("flipped", 5, 4, 7, 0.5)),
            case(seed, ("cropped", 5, 4, 7, 2)),
            case(seed, ("cropped", 3, 2, 3, 9)),
            case(seed, ("noisy", 2, 4, 5, 0.1)),
            case(seed, ("augmented", 4, 32, 32, 0.5, 4, 0.05), ("augmented", 4, 32, 32, 0.5, 4, 0.05)),
        ]
        # Odd counts of single normals leave a value waiting, which other draws must not touch; blocks of 16 ignore it.
        cases.append(
            case(seed, ("randn", 5), ("rand", 3), ("randn", 1), ("randn", 1), ("bernoulli", 7, 0.5), ("randn", 3))
        )
        cases.append(
            case(seed, ("randn", 1), ("randn", 20), ("randn", 1), ("randperm", 11), ("normal", 3, 1.0, 2.0), ("rand", 623))
        )
        cases.append(
            case(seed, ("rand", 623), ("bernoulli", 1, 0.8), ("normal", 15, 0.0, 1.0), ("linear", 3, 4, True), ("randint", 3, 0, 2**40))
        )
    # The low 32 bits of a seed count; negative ones as two's complement.
    cases += [case(seed, ("rand", 4)) for seed in (0, -1, 2**32 - 1, 2**32, 2**53 - 1)]
    for values in [(0.5,) * 6, (0.4914, 0.4822, 0.4465, 0.2470, 0.2435, 0.2616), (0, 1e-3, 0.7, 1, 1e-3, 123.456)]:
        cases.append(case(0, ("pixel_table", *values)))
    write(folder, "draws", "each case names its own", cases)


if __name__ == "__main__":
    main()
