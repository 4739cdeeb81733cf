"""What a picture costs in arithmetic: the convolutions, which are all but a few percent of it."""

from installation.generators.architecture import Architecture
from installation.generators.architecture3 import AnyArchitecture, Architecture3


def gflop(arch: AnyArchitecture) -> float:
    """10^9 floating-point operations of one picture's convolutions, two a multiply-add.

    A doubling layer counts without the zeros it inserts. Styles and low-pass filters are left out:
    under two percent of a wide StyleGAN2, an eighth and more of a StyleGAN3."""
    return _gflop3(arch) if isinstance(arch, Architecture3) else _gflop2(arch)


def _gflop3(arch: Architecture3) -> float:
    """Each convolution reaches a kernel's width less one beyond its input."""
    total = 0
    for plan in arch.plan:
        side = plan.into.size + plan.kernel - 1
        total += plan.kernel**2 * plan.into.channels * plan.out.channels * side * side
    return 2 * total / 1e9


def _gflop2(arch: Architecture) -> float:
    total = 0
    for side in arch.resolutions:
        here, below = arch.channels(side), arch.channels(max(side // 2, 4))
        pixels = side * side
        total += 9 * here * here * pixels + arch.img_channels * here * pixels
        if side > arch.resolutions[0]:
            total += 9 * here * below * pixels // 4
    return 2 * total / 1e9
