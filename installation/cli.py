"""The command line. Reads arguments, calls a command, turns its errors into one line and a code."""

import argparse
import importlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from installation import __version__
from installation.errors import InstallationError

SHOW = Path("show.yaml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 well, 1 failed, 2 bad input."""
    begun = time.monotonic()
    options = parser().parse_args(arguments)
    command = importlib.import_module(f"installation.commands.{options.command}")
    try:
        return command.run(options, begun)
    except InstallationError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output, such as head, has seen enough
        sys.stderr.close()
        return 0


def parser() -> argparse.ArgumentParser:
    """Every command and option."""
    top = argparse.ArgumentParser(
        prog="installation",
        description="A network's pictures, alive on a wall, from morning to night.",
        epilog="Start with: installation run show.yaml",
    )
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _run(commands)
    _check(commands)
    _render(commands)
    _replay(commands)
    _doctor(commands)
    _prepare(commands)
    _kiosk(commands)
    _bench(commands)
    _schema(commands)
    return top


def size(text: str) -> tuple[int, int]:
    """'640x360' as (640, 360)."""
    from installation.show.units import size as parsed

    try:
        return parsed(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def shape(text: str) -> tuple[int, int, int, str]:
    """'512,4096,128' as a network's resolution, channel base and channel maximum, and its kind: of
    StyleGAN3 with ',t' or ',r' behind, else '' for StyleGAN2."""
    numbers, kind = text.split(","), ""
    if numbers[-1] in ("t", "r"):
        kind = numbers.pop()
    if len(numbers) != 3 or not all(each.strip().isdigit() and int(each) for each in numbers):
        raise argparse.ArgumentTypeError(f"{text!r} is not RES,BASE,MAX, such as 512,4096,128")
    return int(numbers[0]), int(numbers[1]), int(numbers[2]), kind


def positive(text: str) -> float:
    """A number above zero."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number above zero")
    return value


def _show_argument(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "show", nargs="?", type=Path, default=SHOW, help="the show (default: show.yaml)"
    )


def _run(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "run",
        help="play the show until it is ended",
        description="Play the show. Ends with Ctrl-C, or with the quit key held for two seconds.",
    )
    _show_argument(command)
    command.add_argument("--headless", action="store_true", help="no window; watch on the panel")
    command.add_argument("--seconds", type=positive, metavar="N", help="end after N seconds")
    command.add_argument("--size", type=size, metavar="WxH", help="canvas, as 1280x720")
    command.add_argument("--report", type=Path, metavar="FILE", help="write figures as JSON")
    begin = command.add_mutually_exclusive_group()
    begin.add_argument("--resume", action="store_true", help="go on where the show was last")
    begin.add_argument("--fresh", action="store_true", help="forget where the show was last")


def _check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "check",
        help="say what is wrong with a show before it opens",
        description="Read show.yaml and its models; list every problem with file and line.",
    )
    _show_argument(command)


def _render(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "render",
        help="write a scene to a film or to a folder of PNG pictures",
        description="Offline and repeatable: the same show and seed give the same PNG bytes.",
    )
    _show_argument(command)
    command.add_argument("--scene", metavar="S", help="which scene (default: the first)")
    command.add_argument("--seconds", type=positive, default=10.0, metavar="N", help="default 10")
    command.add_argument(
        "--start", type=positive, default=0.0, metavar="N", help="seconds into the walk"
    )
    command.add_argument("--fps", type=positive, default=30.0, metavar="F", help="default 30")
    command.add_argument("--size", type=size, default=(1280, 720), metavar="WxH")
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE.mp4|FILE.mov|FOLDER",
        help="where it goes: a film (H.264 in .mp4, ProRes in .mov), or a folder for PNG pictures",
    )
    command.add_argument(
        "--codec", choices=["h264", "hevc", "prores"], help="the film's (default: by its name)"
    )


def _replay(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "replay",
        help="draw again what was drawn before something fell",
        description="Draw the pictures of a flight file from their recorded controls and compare "
        "each with what was drawn then. The show keeps such files in its state folder under "
        "flights/, when a process falls or when it gets SIGUSR1. Code 1: a picture differs.",
        epilog="Example: installation replay 20260314T201500Z-deck_a.flight --out seen",
    )
    command.add_argument("file", type=Path, metavar="FILE.flight", help="the flight file")
    command.add_argument("--out", type=Path, metavar="FOLDER", help="write the pictures as PNG")
    command.add_argument(
        "--seconds", type=positive, metavar="N", help="the last N seconds of each deck alone"
    )
    command.add_argument(
        "--models",
        type=Path,
        metavar="FOLDER",
        help="the folder that show.yaml was in (default: where it was)",
    )


def _doctor(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "doctor",
        help="look at this machine, line by line",
        description="Say what this machine has, what is missing, and what to do about it.",
    )
    _show_argument(command)
    command.add_argument("--json", action="store_true", help="print the findings as JSON")


def _bench(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "bench",
        help="measure how fast this machine paints",
        description="Measure every backend that is installed, in turns, with the chosen networks.",
        epilog="Example: installation bench --random 512,4096,128 --seconds 10 --plot speed.svg",
    )
    command.add_argument(
        "models", nargs="*", metavar="MODEL", help="of the show, or a folder (default: all)"
    )
    command.add_argument(
        "--show", type=Path, default=SHOW, metavar="FILE", help="default show.yaml"
    )
    command.add_argument(
        "--random",
        type=shape,
        action="append",
        default=[],
        metavar="RES,BASE,MAX[,t|r]",
        help="a network with seeded random weights: resolution, channel base and maximum; "
        "StyleGAN3 with t or r",
    )
    command.add_argument(
        "--backends",
        type=lambda names: names.split(","),
        default=[],
        metavar="A,B",
        help="of openvino, onnxruntime, torch, tensorrt (default: all that are installed)",
    )
    command.add_argument(
        "--edits",
        action="store_true",
        help="also what a bend, an x-ray and a second place in the picture cost",
    )
    command.add_argument(
        "--seconds", type=positive, default=3.0, metavar="N", help="for each backend; default 3"
    )
    command.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON")
    command.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw the figures")
    command.add_argument(
        "--against",
        metavar="CMD",
        help="measure a rival in turns: it prints the milliseconds of each picture, one a line, "
        "for about $BENCH_SECONDS",
    )


def _prepare(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "prepare",
        help="do what takes long before the doors open",
        description="Load every model once, for its compiled kernels, and paint every scene's idle "
        "film, which the wall shows while a network cannot. What is there already is left alone.",
    )
    _show_argument(command)
    command.add_argument("--dry-run", action="store_true", help="say it, do nothing")


def _kiosk(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "kiosk",
        help="open the show when this machine starts; see docs/kiosk.md",
        description="Have this machine open the show by itself at login, look, or undo it all: "
        "uninstall removes the program's logs, saved states and caches, too.",
    )
    command.add_argument("action", choices=["install", "status", "uninstall"])
    _show_argument(command)
    command.add_argument("--dry-run", action="store_true", help="print it, change nothing")
    command.add_argument("--headless", action="store_true", help="at start-up, without a desktop")
    command.add_argument("--platform", choices=["linux", "darwin", "windows"], help="default: this")


def _schema(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    commands.add_parser(
        "schema",
        help="print the JSON Schema of show.yaml",
        description="Print the JSON Schema of show.yaml, for editors that complete and check it.",
    )


if __name__ == "__main__":
    sys.exit(main())
