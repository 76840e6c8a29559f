"""Where torch's default generator stands: as a number of 32-bit draws since a seed, so that a replay can go there."""

import struct

import torch

WORDS = 624
HEADER = "<QiiQ"
NORMALS = struct.calcsize(HEADER) + 8 * WORDS


def read_state():
    """The twister's words, the next word's index, and the waiting second value of a pair of normals (or None)."""
    state = bytes(torch.get_rng_state().tolist())
    words = struct.unpack_from(f"<{WORDS}Q", state, struct.calcsize(HEADER))
    index = struct.unpack_from(HEADER, state)[3]
    _, waiting, _, valid = struct.unpack_from("<dddi", state, NORMALS)
    return words, index, waiting if valid else None


def position(seed):
    """How many 32-bit draws `torch.manual_seed(seed)` is behind, and the waiting normal. Leaves the generator as it was."""
    kept = torch.get_rng_state()
    words, index, waiting = read_state()
    torch.manual_seed(seed)
    draws = 0
    while read_state()[0] != words:
        torch.empty(WORDS if draws else 1, dtype=torch.int32).random_()
        draws += WORDS
    torch.set_rng_state(kept)
    return {"draws": max(draws - WORDS, 0) + index, "waiting_normal": waiting}
