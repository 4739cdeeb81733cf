"""Directions files: what they hold comes back, what is wrong with them is told, SeFa fills in."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import yaml
from safetensors.numpy import save

from installation.control.rows import house_rows
from installation.errors import ModelError
from installation.generators.card import CARD, load_card
from installation.generators.directions import Direction, dump, load_directions, read
from installation.generators.mapping import Mapping
from installation.generators.weights import load_weights
from installation.show.directions import FILE, MOST, direction_rows
from tests.small_models import TINY, write_model

RNG = np.random.default_rng(3)
SMILE = Direction(
    "smile", "w", RNG.standard_normal(10).astype("f4"), (-2.0, 3.0), (1, 3), "painter", "a smile"
)
HOUR = Direction("hour", "z", RNG.standard_normal(12).astype("f4"), (-1.0, 1.0), None, "painter")


def with_file(folder: Path, raw: bytes) -> Path:
    """A small model with this directions file, its checksum in the card."""
    write_model(folder)
    (folder / FILE).write_bytes(raw)
    card = yaml.safe_load((folder / CARD).read_text())
    card["directions"] = {"sha256": hashlib.sha256(raw).hexdigest()}
    (folder / CARD).write_text(yaml.safe_dump(card))
    return folder


def loaded(folder: Path) -> list[Direction]:
    card = load_card(folder)
    return load_directions(folder, card, load_weights(folder, card))


def test_what_is_written_is_read(tmp_path: Path):
    found = loaded(with_file(tmp_path / "m", dump([SMILE, HOUR])))
    for one, other in zip(found, (SMILE, HOUR), strict=True):
        assert (one.vector == other.vector).all()
        for name in ("name", "space", "range", "layers", "origin", "help"):
            assert getattr(one, name) == getattr(other, name)


def test_the_head_alone_gives_the_rows(tmp_path: Path):
    folder = with_file(tmp_path / "m", dump([SMILE, HOUR]))
    (folder / FILE).write_bytes((folder / FILE).read_bytes()[:-20])  # the numbers are not needed
    rows = {row.address: row for row in direction_rows([folder])}
    assert list(rows) == [
        *("/direction/smile", "/direction/hour"),
        *("/zone/coarse", "/zone/middle", "/zone/fine"),
    ]
    smile = rows["/direction/smile"]
    assert (smile.low, smile.high, smile.default, smile.help) == (-2.0, 3.0, 0.0, "a smile")
    assert smile.smooth > 0


def test_two_models_share_a_control_of_the_wider_range(tmp_path: Path):
    other = Direction("smile", "w", SMILE.vector, (-5.0, 1.0))
    folders = [
        with_file(tmp_path / "a", dump([SMILE])),
        with_file(tmp_path / "b", dump([other])),
        tmp_path / "gone",
    ]
    smile, *zones = direction_rows(folders)
    assert (smile.low, smile.high) == (-5.0, 3.0)
    assert len(zones) == 3
    assert not {row.address for row in house_rows(["a"])} & {smile.address}


def test_without_a_file_the_styles_own_directions_are_found(tmp_path: Path):
    folder = write_model(tmp_path / "m")
    found = loaded(folder)
    assert [one.name for one in found] == [f"sefa{n}" for n in range(1, 9)]
    assert [row.address for row in direction_rows([folder])][:8] == [
        f"/direction/{one.name}" for one in found
    ]
    card = load_card(folder)
    tensors = load_weights(folder, card)
    unit = [one.vector / np.linalg.norm(one.vector) for one in found]
    assert np.stack(unit) @ np.stack(unit).T == pytest.approx(np.eye(8), abs=1e-4)
    affines = [a for name, a in tensors.items() if name.endswith("affine.weight")]
    rows = np.concatenate([a / np.linalg.norm(a, axis=0) for a in affines])
    reactions = [float(np.linalg.norm(rows @ one)) for one in unit]
    assert reactions == sorted(reactions, reverse=True)
    mapping, rng = Mapping(tensors, TINY), np.random.default_rng(9)
    ws = np.stack([mapping(rng.standard_normal(12)) for _ in range(4000)])
    lengths = [np.linalg.norm(one.vector) for one in found]
    assert (ws @ np.stack(unit).T).std(0) == pytest.approx(lengths, rel=0.15)


def told(**changed: object) -> bytes:
    one = {"space": "w", "range": [-1, 1], "layers": None, "origin": "painter", "help": ""}
    return save({"smile": SMILE.vector}, {"directions": json.dumps({"smile": one | changed})})


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (told(range=[1, -1]), "range"),
        (told(range=[1]), "range|unpack"),
        (told(range=["a", "b"]), "metadata"),
        (told(space="y"), "smile"),
        (told(space="z"), "smile is no float32"),
        (told(layers=[0, 6]), "layers"),
        (told(layers=[3, 1]), "layers"),
        (save({"smile": SMILE.vector}), "names no directions"),
        (save({"smile": SMILE.vector}, {"directions": "[]"}), "names no directions"),
        (save({"x": SMILE.vector}, {"directions": "{}"}), "name different"),
        (dump([Direction("Smile!", "w", SMILE.vector, (-1, 1))]), "name"),
        (dump([Direction("s", "w", SMILE.vector * np.nan, (-1, 1))]), "finite"),
        (dump([Direction(f"s{n}", "w", SMILE.vector, (-1, 1)) for n in range(MOST + 1)]), "most"),
        (dump([SMILE])[:-4], "smile|file|[Ii]ncomplete|[Mm]etadata"),
        (b"", "."),
        (b"\xff" * 64, "."),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_and_gives_no_crash(
    tmp_path: Path, raw: bytes, words: str
):
    folder = with_file(tmp_path / "m", raw)
    with pytest.raises(ModelError, match=words) as error:
        loaded(folder)
    assert str(error.value).startswith(str(folder / FILE))
    assert "\n" not in str(error.value)
    direction_rows([folder])


def test_an_altered_or_missing_file_is_refused(tmp_path: Path):
    folder = with_file(tmp_path / "m", dump([SMILE]))
    (folder / FILE).write_bytes(dump([HOUR]))
    with pytest.raises(ModelError, match="not the one in the card"):
        loaded(folder)
    (folder / FILE).unlink()
    with pytest.raises(ModelError, match="the card has its checksum"):
        loaded(folder)


def test_the_reader_takes_its_own_bytes():
    assert read(dump([SMILE]), TINY)[0].layers == (1, 3)
