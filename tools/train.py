"""Train a network: `python -m tools.train distil DATA RUN --minutes 90`.

`distil` teaches a generator to paint what a procedural painter paints, from the painter's own
numbers. It needs no GPU: a 128-pixel sea took one thread 1.3 hours of processor time.
`adversarial` teaches one to paint what is in a folder of pictures: see its --help.
"""

import argparse
import sys

from tools.training import distil
from tools.training.adversarial import command as adversarial


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m tools.train", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    adversarial.add_to(commands)
    distil.add_to(commands)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    options = parser().parse_args(arguments)
    return options.run_command(options)


if __name__ == "__main__":
    sys.exit(main())
