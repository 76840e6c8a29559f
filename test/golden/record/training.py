"""Records ten updates of small nets: every layer, loss, optimizer, schedule, penalty, constraint, order of batches, rule of
initialisation; with all parameters at the start, after the first update and after the last."""

import torch

from document import complete
from experiment import train
from fixture import output_folder, write
from training_cases import CASES, SEED
from training_nets import IMAGES


def draw_images(spec):
    """Pictures of nothing, from a generator of their own: per split pixels, then labels."""
    generator = torch.Generator().manual_seed(spec["seed"])
    draw = lambda high, *shape: torch.randint(0, high, shape, generator=generator)
    return {
        split: (draw(256, spec[split], 3, 32, 32).to(torch.uint8), draw(10, spec[split]))
        for split in ("train", "validation", "test")
    }


def document(name, data, layers, recipe, rest={}):
    return complete(
        {
            "format": "overfit-experiment",
            "version": 1,
            "name": name,
            "seed": SEED,
            "data": data,
            "model": {"layers": layers},
            "recipe": recipe,
            "variants": [{"name": "only"}],
            **rest,
        }
    )


def main():
    folder = output_folder(__doc__)
    recorded = []
    for name, case in CASES.items():
        experiment = document(name, *case)
        kind = experiment["data"]["type"]
        images = draw_images(IMAGES) if kind == "cifar10" else None
        options = {"fits_at": (9,)} if kind == "linear_noise" else {"images": images}
        run = train(experiment, "only", SEED, parameters_at=(0,) if images else (0, 1), detailed=True, **options)
        recorded.append({"experiment": experiment, **({"images": IMAGES} if images else {}), **run})
    write(folder, "training", SEED, recorded)


if __name__ == "__main__":
    main()
