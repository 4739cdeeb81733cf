"""What a picture costs in arithmetic: the convolutions, which are all but a few percent of it."""

from installation.generators.architecture import Architecture


def gflop(arch: Architecture) -> float:
    """10^9 floating-point operations of one picture's convolutions, two a multiply-add.

    A doubling layer counts without the zeros it inserts; the low-pass filters and the styles,
    under two percent of a wide network, are left out."""
    total = 0
    for side in arch.resolutions:
        here, below = arch.channels(side), arch.channels(max(side // 2, 4))
        pixels = side * side
        total += 9 * here * here * pixels + arch.img_channels * here * pixels
        if side > arch.resolutions[0]:
            total += 9 * here * below * pixels // 4
    return 2 * total / 1e9
