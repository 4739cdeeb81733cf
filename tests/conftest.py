"""What every test here shares: repeatable properties, no stopwatch, no trace in anybody's home."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow, which is no fault: pytest-timeout catches what hangs.
settings.register_profile(
    "house", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
# A verdict on one state of the code is the same each time; at home every run looks elsewhere.
settings.register_profile("ci", settings.get_profile("house"), derandomize=True)
settings.load_profile("ci" if "CI" in os.environ else "house")

# The rooms whose tests know no clock but a fake one, and share nothing: any two may run at once.
TOGETHER = [
    "bench",
    "commands",
    "contract",
    "control",
    "decks",
    "frames",
    "generators",
    "latent",
    "show",
    "stage",
    "tools",
]
ALONE = ("screen", "faults", "soak")  # marks


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what nothing may run beside; the Makefile runs all others two at a time."""
    for item in items:
        room = item.path.relative_to(Path(__file__).parent).parts[0]
        if room not in TOGETHER or any(map(item.get_closest_marker, ALONE)):
            item.add_marker("alone")


@pytest.fixture(scope="session", autouse=True)
def private_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Compiled kernels, logs, saved states and locks go to a folder of this run, for this process
    and its children."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        patch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
        (folder / "run").mkdir(mode=0o700)
        # NDI reads this once a process, when it is first loaded: its sources are found by address.
        (folder / "ndi-config.v1.json").write_text('{"ndi":{"networks":{"ips":"127.0.0.1"}}}')
        patch.setenv("NDI_CONFIG_DIR", str(folder))
        yield folder


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """A command run in this process sets up its log; the next test begins without it."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.setLevel(level)
    for handler in [one for one in root.handlers if one not in handlers]:
        root.removeHandler(handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-pictures",
        action="store_true",
        help="store what the tests draw as what they should draw; look at it before you commit it",
    )
