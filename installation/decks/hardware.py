"""What this machine computes with, asked of the driver and of the system: no network library is
imported for it."""

import contextlib
import ctypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DRIVERS = ("libcuda.so.1", "nvcuda.dll")
_MAJOR, _MINOR = 75, 76  # cuDeviceGetAttribute's numbers of the compute capability
_NAME_BYTES = 256
_BF16_FLAGS = {"avx512_bf16", "amx_bf16"}


@dataclass(frozen=True, slots=True)
class Gpu:
    """An NVIDIA card."""

    name: str
    capability: str  # of computing, as 9.0


@cache
def nvidia() -> Gpu | None:
    """The first NVIDIA card that CUDA may use; CUDA_VISIBLE_DEVICES hides cards here too."""
    for driver in _DRIVERS:
        with contextlib.suppress(OSError):
            return first_card(ctypes.CDLL(driver))
    return None


def first_card(cuda: Any) -> Gpu | None:
    """The first card of a CUDA driver library; None where it has none or does not answer."""
    device, name = ctypes.c_int(), ctypes.create_string_buffer(_NAME_BYTES)
    numbers = ctypes.c_int(), ctypes.c_int()
    refused = (
        cuda.cuInit(0)
        or cuda.cuDeviceGet(ctypes.byref(device), 0)
        or cuda.cuDeviceGetName(name, _NAME_BYTES, device)
        or cuda.cuDeviceGetAttribute(ctypes.byref(numbers[0]), _MAJOR, device)
        or cuda.cuDeviceGetAttribute(ctypes.byref(numbers[1]), _MINOR, device)
    )
    if refused:
        return None
    return Gpu(name.value.decode(errors="replace"), f"{numbers[0].value}.{numbers[1].value}")


@cache
def native_bf16(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the processor computes in bf16 by itself; unknown counts as no."""
    try:
        lines = cpuinfo.read_text().splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return bool(_BF16_FLAGS & set(flags.split()))
