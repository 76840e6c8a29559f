"""
Records the beginning of the cnn example, five variants from the seed alone, on the lab's own pictures: `node test/golden/record/pictures.ts FOLDER`
writes them. The fixture has their hash only.
"""

import argparse
import json
import os

import torch

from data import read_pictures
from experiment import train
from fixture import FIXTURES, sha256, write

EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "assets", "examples", "cnn.json")
SPLITS = ("train", "validation", "test")
SEED = 1
UNTIL = 1000
CURVE = 1000
SAMPLES_AT = (50, 100)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default=FIXTURES, help="folder for the fixture (default: the committed ones)")
    parser.add_argument("--pictures", required=True, help="folder with train.bin, validation.bin and test.bin")
    options = parser.parse_args()
    torch.set_num_threads(1)
    os.makedirs(options.out, exist_ok=True)
    with open(EXAMPLE, encoding="utf-8") as file:
        document = json.load(file)
    images = {split: read_pictures(os.path.join(options.pictures, f"{split}.bin")) for split in SPLITS}
    hashes = {split: sha256(*pictures) for split, pictures in images.items()}
    records = [
        {
            "initialization": document["initialization"],
            "pictures": hashes,
            **train(document, variant["name"], SEED, samples_at=SAMPLES_AT, images=images, until=UNTIL, curve=CURVE),
        }
        for variant in document["variants"]
    ]
    write(options.out, "cnn", SEED, records)


if __name__ == "__main__":
    main()
