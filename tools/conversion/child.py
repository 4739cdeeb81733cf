"""The process that opens a stranger's file. Arguments: FILE FOLDER MEMORY CPU (bytes, seconds).

Before the file is opened it gives up most of what it could do: memory, processor time, the size
and number of files. It leaves `tensors.safetensors` and `found.json`, or an error in the latter."""

import json
import resource
import sys
from pathlib import Path

from safetensors.numpy import save_file

from installation.errors import EXIT_BAD_INPUT, ModelError
from tools.conversion.files import read

TENSORS, FOUND = "tensors.safetensors", "found.json"
FILES = 32  # open at once
SPARE = 16 << 20  # bytes that may be written beyond the checkpoint's own size


def confine(memory: int, seconds: int, size: int) -> None:
    """Limits of this process that it cannot raise again."""
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 2 * size + SPARE,
        resource.RLIMIT_NOFILE: FILES,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        _, highest = resource.getrlimit(limit)
        most = most if highest == resource.RLIM_INFINITY else min(most, highest)
        resource.setrlimit(limit, (most, most))


def main(arguments: list[str]) -> int:
    """Read one checkpoint into a folder. 0, or 2 for a file that cannot be read."""
    source, folder = Path(arguments[0]), Path(arguments[1])
    confine(int(arguments[2]), int(arguments[3]), source.stat().st_size)
    try:
        found, sha256 = read(source)
        save_file(found.tensors, folder / TENSORS)
    except ModelError as error:
        (folder / FOUND).write_text(json.dumps({"error": str(error)}))
        return EXIT_BAD_INPUT
    told = {
        "format": found.format,
        "architecture": found.architecture,
        "note": found.note,
        "sha256": sha256,
    }
    (folder / FOUND).write_text(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
