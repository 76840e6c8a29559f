"""Records the from-scratch dropout example whole: three variants, 60,000 updates each, from the seed alone."""

import json
import os

from experiment import train
from fixture import output_folder, write

EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "assets", "examples", "numpy-dropout.json")
SEED = 1
# Updates whose losses are recorded one by one; all of the run's evaluations are.
CURVE = 1000
PARAMETERS_AT = (100, 1000, 6000, 60000)


def main():
    folder = output_folder(__doc__)
    with open(EXAMPLE, encoding="utf-8") as file:
        document = json.load(file)
    records = [
        {
            "initialization": document["initialization"],
            **train(document, variant["name"], SEED, parameters_at=PARAMETERS_AT, curve=CURVE),
        }
        for variant in document["variants"]
    ]
    write(folder, "numpy-dropout", SEED, records)


if __name__ == "__main__":
    main()
