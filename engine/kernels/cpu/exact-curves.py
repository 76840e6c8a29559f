"""Writes exact-curves.json: activations and their derivatives, right to the last digit of a double, from denormal to saturated.

Needs mpmath. Run in this folder: python exact-curves.py
"""

import json
import struct

import mpmath as mp

mp.mp.dps = 60


def f32(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def inputs():
    """float32 numbers of both signs: powers of ten, and a grid over where the functions bend."""
    sizes = [1e-42, 1e-38] + [10 ** (k / 3) for k in range(-105, 114)][::6]
    sizes += [3.4e38] + [0.21 * k + 0.0613 for k in range(72)] + [20.3, 33.1, 88.02, 90.4, 103.3, 104.1, 200.7, 750]
    return [f32(sign * x) for x in sorted(sizes) for sign in (1, -1)]


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def cdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def density(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def inner(x):
    return mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3)


def gelu_tanh_slope(x):
    s = sigmoid(2 * inner(x))
    rise = 2 * mp.sqrt(2 / mp.pi) * (1 + 3 * mp.mpf("0.044715") * x**2)
    return s + x * s * sigmoid(-2 * inner(x)) * rise


# As float32 holds it.
ALPHA = mp.mpf(f32(0.3))

CURVES = {
    "Sigmoid": (sigmoid, None),
    "Tanh": (mp.tanh, None),
    "ELU": (lambda x: x if x > 0 else ALPHA * mp.expm1(x), lambda x: 1 if x > 0 else ALPHA * mp.exp(x)),
    "GELU none": (lambda x: x * cdf(x), lambda x: cdf(x) + x * density(x)),
    "GELU tanh": (lambda x: x * sigmoid(2 * inner(x)), gelu_tanh_slope),
    "SiLU": (lambda x: x * sigmoid(x), lambda x: sigmoid(x) + x * sigmoid(x) * sigmoid(-x)),
}


def column(f, xs):
    """As doubles; what float32 cannot hold anyway is 0."""
    values = [mp.mpf(f(mp.mpf(x))) for x in xs]
    return [0.0 if abs(v) < mp.mpf("1e-60") else float(v) for v in values]


def main():
    xs = inputs()
    curves = [
        {"name": name, "y": column(value, xs), "slope": column(slope, xs) if slope else None}
        for name, (value, slope) in CURVES.items()
    ]
    with open("exact-curves.json", "w") as file:
        json.dump({"x": xs, "curves": curves}, file)


main()
