"""Turn somebody's StyleGAN checkpoint into a model folder: see --help and docs/converting.md."""

import argparse
import sys
import tempfile
from pathlib import Path

from installation.errors import EXIT_BAD_INPUT, ModelError
from tools.conversion.extract import extract, tensors_file

DESCRIPTION = """\
Turn a StyleGAN checkpoint into a model folder that the show can play.

It reads, without ever running what is in them:
  .pkl  NVIDIA, torch        stylegan2-ada-pytorch, stylegan3 (T and R), with or without classes
  .pkl  NVIDIA, TensorFlow   StyleGAN2; StyleGAN2-ADA with or without classes
  .pt   rosinality           stylegan2-pytorch, converted or straight from training

A checkpoint of these kinds is a program that paints when it is opened, and could do anything else
instead. This tool does not open it: a separate process, short of memory and time, reads the numbers
out of it as data. The folder that it makes holds no program.
"""
EPILOG = """\
example:
  python -m tools.convert ~/Downloads/ffhq.pkl models/ffhq --licence "CC BY-NC-SA 4.0, NVIDIA"
then in show.yaml:
  models: {ffhq: models/ffhq}

The folder: model.safetensors (weights), card.yaml (fill in what says unknown: who is depicted, who
agreed), directions.safetensors (ways to go in the space of styles), sheet.png (look at it first).
A file that cannot be read is one line on the error output and exit code 2.
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m tools.convert",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="the .pkl or .pt file")
    top.add_argument("model", type=Path, metavar="models/NAME", help="folder to make; must be new")
    top.add_argument(
        "--licence", default="unknown", help="under which terms you have it, in your own words"
    )
    top.add_argument(
        "--pictures",
        type=int,
        default=8,
        choices=(0, 4, 8, 16),
        help="on the contact sheet (default: 8); a large StyleGAN3 takes minutes for one",
    )
    top.add_argument(
        "--name", default="", help="what the card calls it (default: the folder's name)"
    )
    return top


def convert(
    checkpoint: Path, model: Path, licence: str = "unknown", name: str = "", pictures: int = 8
) -> None:
    """Make the folder `model`, with as many pictures on its sheet. Raises ModelError, one line."""
    if model.exists():
        raise ModelError(f"{model}: is already there; choose another folder or take it away")
    tell(f"reading {checkpoint.name} in a process of its own")
    with tempfile.TemporaryDirectory(prefix="convert-") as made:
        folder = Path(made)
        told = extract(checkpoint, folder)
        # OpenVINO comes in only now: a file that is refused is refused in a second.
        from tools.conversion.folder import write

        words = {"name": name or model.name, "licence": licence, "file": checkpoint.name}
        card = write(model, tensors_file(folder), told, words, pictures, tell)
    arch = card.architecture
    look = f"; look at {model / 'sheet.png'}" if pictures else ""
    print(f"{model}: {arch.kind}, {arch.resolution} pixels{look}")


def tell(progress: str) -> None:
    """Progress, apart from the result."""
    print(progress, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """0, or 2 for a checkpoint that cannot be converted."""
    given = parser().parse_args(arguments)
    try:
        convert(given.checkpoint, given.model, given.licence, given.name, given.pictures)
    except ModelError as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_INPUT
    return 0


if __name__ == "__main__":
    sys.exit(main())
