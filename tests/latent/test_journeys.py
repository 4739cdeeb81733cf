"""Places and journeys: what a curve through them promises, and what their files may hold."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.errors import PlaceError
from installation.latent import curves, files
from installation.latent.journeys import Journey, Stop
from installation.latent.places import Place, pack
from installation.latent.space import along, slerp, towards, unit

SIZE = 24
WAYS = st.sampled_from(["circle", "spline", "line"])
EASINGS = st.sampled_from(["linear", "smooth", "in", "out"])
seeds = st.integers(0, 2**32 - 1)
stops = st.builds(
    lambda seed, seconds, easing, hold: Stop(
        place=Place(name=f"seed {seed}", seed=seed), seconds=seconds, easing=easing, hold=hold
    ),
    *(seeds, st.floats(1, 30), EASINGS, st.sampled_from([0.0, 0.0, 2.0])),
)
journeys = st.builds(
    lambda way, closed, stops: Journey(name="j", way=way, closed=closed, stops=stops),
    *(WAYS, st.booleans(), st.lists(stops, min_size=1, max_size=6, unique_by=lambda s: s.place)),
)


def rms(z: np.ndarray) -> float:
    return float(np.sqrt(np.mean(z * z)))


def walked(journey: Journey, step: float = 0.02) -> np.ndarray:
    curve = journey.curve(SIZE)
    return np.stack([curve.at(t) for t in np.arange(0, journey.duration + step, step)])


@given(journeys, st.floats(-10, 1000))
def test_every_position_is_of_unit_rms(journey: Journey, second: float):
    assert rms(journey.curve(SIZE).at(second)) == pytest.approx(1.0, abs=1e-6)


@given(journeys)
def test_it_comes_to_each_stop_when_it_says_and_holds_it(journey: Journey):
    curve, now = journey.curve(SIZE), 0.0
    for stop in journey.stops:
        wanted = stop.place.position(SIZE)
        for second in (now, now + stop.hold / 2, now + stop.hold):
            last = second >= journey.duration and journey.closed
            if not last:
                assert curve.at(second) == pytest.approx(wanted, abs=1e-5)
        now += stop.hold + stop.seconds
    ended = 0.0 if journey.closed and len(journey.stops) > 1 else journey.stops[-1].seconds
    assert curve.duration == pytest.approx(now - ended)
    assert journey.duration == pytest.approx(now - ended)


@given(journeys, st.floats(0, 100), st.integers(1, 5))
def test_a_closed_journey_is_a_perfect_loop(journey: Journey, second: float, rounds: int):
    curve = journey.model_copy(update={"closed": True}).curve(SIZE)
    assert (curve.at(curve.duration) == curve.at(0.0)).all()
    assert curve.at(curve.duration * rounds) == pytest.approx(curve.at(0.0), abs=1e-9)
    later = curve.at(second + curve.duration)
    assert later == pytest.approx(curve.at(second), abs=1e-6)


@given(st.integers(2, 120), st.integers(1, 60), st.integers(2, 4), WAYS)
def test_a_loop_closes_to_the_frame(frames: int, fps: int, places: int, way):
    """A film of one round, repeated, goes on without a step: frame n is frame 0."""
    legs = [Stop(place=Place(name="p", seed=n), seconds=frames / fps) for n in range(places)]
    curve = Journey(name="j", closed=True, way=way, stops=legs).curve(SIZE)
    assert curve.at(frames * places / fps) == pytest.approx(curve.at(0.0), abs=1e-9)


@settings(max_examples=25)
@given(st.builds(lambda j: j.model_copy(update={"closed": True}), journeys))
def test_no_journey_leaps(journey: Journey):
    """The fastest of a leg's easings is twice its mean speed; a spline bends a little further."""
    fastest = min(stop.seconds for stop in journey.stops)
    steps = np.sqrt(np.mean(np.diff(walked(journey), axis=0) ** 2, axis=1))
    assert steps.max(initial=0.0) <= 6 * np.pi * 0.02 / fastest + 1e-9


def gentle(way: str) -> Journey:
    """As a person would make one: eight places, as many seconds for each way."""
    legs = [Stop(place=Place(name="p", seed=n), seconds=8.0, easing="linear") for n in range(3, 11)]
    return Journey(name="j", closed=True, way=way, stops=legs)


@pytest.mark.parametrize("way", ["circle", "spline", "line"])
def test_the_largest_step_is_under_four_times_the_median(way: str):
    steps = np.linalg.norm(np.diff(walked(gentle(way)), axis=0), axis=1)
    assert steps.max() < 4 * np.median(steps)


def test_a_spline_turns_no_corners_and_great_circles_do():
    def sharpest(way: str) -> float:
        velocity = np.diff(walked(gentle(way), 0.01), axis=0)
        return float(np.linalg.norm(np.diff(velocity, axis=0), axis=1).max())

    assert sharpest("spline") < 0.05 * sharpest("circle")


def test_a_circle_is_slerp_and_a_line_is_straight():
    a, b = (Place(name="p", seed=n).position(SIZE) for n in (1, 2))
    c, d = (Place(name="p", seed=n).raw(SIZE) for n in (1, 2))
    two = [Stop(place=Place(name="p", seed=n), seconds=4, easing="linear") for n in (1, 2)]
    circle, line = (Journey(name="j", way=way, stops=two).curve(SIZE) for way in ("circle", "line"))
    assert circle.at(1.0) == pytest.approx(slerp(a, b, 0.25))
    assert line.at(1.0) == pytest.approx(unit(0.75 * c + 0.25 * d))


@given(seeds, seeds)
def test_the_two_maps_of_the_sphere_undo_each_other(first: int, second: int):
    a, b = (Place(name="p", seed=n).position(SIZE) for n in (first, second))
    assert along(a, towards(a, b)) == pytest.approx(b, abs=1e-6)
    assert towards(a, b) @ a == pytest.approx(0.0, abs=1e-6)


def of_w(layers: int, seed: int) -> Place:
    w = np.random.default_rng(seed).standard_normal((layers, 6))
    return Place(name="w", **pack(w))


def test_a_journey_in_w_goes_straight_and_takes_places_of_z_along():
    both = [Stop(place=of_w(3, 0), easing="linear"), Stop(place=Place(name="z", seed=4))]
    journey = Journey(name="j", stops=both)
    with pytest.raises(PlaceError, match="mixes"):
        journey.curve(SIZE)
    curve = journey.curve(SIZE, lambda z: np.ones((3, 6)))
    assert curve.at(0.0) == pytest.approx(both[0].place.position(SIZE))
    assert curve.at(4.0) == pytest.approx((curve.at(0.0) + 1.0) / 2)


def test_journeys_in_a_row_are_bridged_where_they_do_not_meet():
    first, second = (
        Journey(name="j", stops=[Stop(place=Place(name="p", seed=s), seconds=2.0) for s in pair])
        for pair in ((1, 2), (3, 4))
    )
    meeting = Journey(name="j", stops=[first.stops[1], second.stops[0]])
    row = curves.chain([first.curve(SIZE), second.curve(SIZE)], bridge=1.0)
    assert row.duration == 5.0
    assert row.at(2.0) == pytest.approx(first.curve(SIZE).at(2.0))
    assert row.at(3.0) == pytest.approx(second.curve(SIZE).at(0.0))
    assert curves.chain([first.curve(SIZE), meeting.curve(SIZE)], 1.0).duration == 4.0


def test_a_seed_means_what_it_means_to_stylegan():
    z = Place(name="p", seed=85).position(512)
    told = np.random.RandomState(85).randn(1, 512)[0]
    assert z / rms(z) == pytest.approx(told / rms(told))


@given(journeys)
def test_a_file_gives_back_what_was_put_in(journey: Journey):
    assert files.parse(files.exported(journey), Journey, "j") == journey


@pytest.mark.parametrize("kept", [of_w(4, 1), Place(name="ü ", author="k", note="a\nb", seed=1)])
def test_a_place_survives_its_file_and_a_damaged_one_its_copy(tmp_path: Path, kept: Place):
    path = tmp_path / "deep" / "one.place"
    files.write(path, kept)
    assert files.read_place(path) == kept
    files.write(path, kept)
    path.write_bytes(path.read_bytes()[:-3])
    assert files.read_place(path) == kept
    plain = tmp_path / "plain.json"
    plain.write_bytes(files.exported(kept))
    assert files.read_place(plain) == kept


def test_z_may_be_numbers_or_base64():
    z = np.arange(1, 5, dtype="<f4")
    lists = files.parse(b'{"name": "p", "z": [1, 2, 3.0, 4]}', Place, "p")
    packed = json.dumps({"name": "p", "z": base64.b64encode(z.tobytes()).decode()})
    assert files.parse(packed.encode(), Place, "p") == lists
    assert lists.position(4) == pytest.approx(unit(z.astype(float)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "object"),
        ("{", "JSON"),
        ('{"name": "p"}', "one of seed, z and w"),
        ('{"name": "p", "seed": 1, "z": [1]}', "one of seed, z and w"),
        ('{"name": "p", "seed": -1}', "seed"),
        ('{"name": "p", "seed": "1"}', "seed"),
        ('{"name": "", "seed": 1}', "name"),
        ('{"name": "a\\u0007", "seed": 1}', "name"),
        ('{"name": "p", "seed": 1, "code": "x"}', "code"),
        ('{"place": 2, "name": "p", "seed": 1}', "place"),
        ('{"name": "p", "z": [0, 0]}', "no direction"),
        ('{"name": "p", "z": [1e39]}', "too large"),
        ('{"name": "p", "z": ["1"]}', "list of numbers"),
        ('{"name": "p", "z": "%%"}', "base64"),
        ('{"name": "p", "z": []}', "float32"),
        ('{"name": "p", "z": [' + "1," * 5000 + "1]}", "float32"),
        ('{"name": "p", "w": [[1, 2], [1]]}', "lengths"),
        ('{"name": "p", "seed": 1, "model": {"sha256": "xyz"}}', "sha256"),
    ],
)
def test_a_wrong_place_is_told_in_one_line(text: str, told: str):
    with pytest.raises(PlaceError, match=told) as error:
        files.parse(text.encode(), Place, "the place")
    assert str(error.value).startswith("the place: ")
    assert "\n" not in str(error.value)


def test_what_is_too_large_or_not_there_is_told(tmp_path: Path):
    with pytest.raises(PlaceError, match="no such file"):
        files.read_place(tmp_path / "gone")
    with pytest.raises(PlaceError, match="Is a directory"):
        files.read_place(tmp_path)
    (tmp_path / "large").write_bytes(b"{" + b" " * 2**21)
    with pytest.raises(PlaceError, match="larger"):
        files.read_place(tmp_path / "large")
    stops = [Stop(place=of_w(16, n)) for n in range(200)]
    wide = [
        s.model_copy(update={"place": Place(name="w", **pack(np.ones((16, 512))))}) for s in stops
    ]
    with pytest.raises(PlaceError, match="take out some stops"):
        files.write(tmp_path / "j", Journey(name="j", stops=wide))


def marrow(folder: Path, steps: object = 48, **arrays: np.ndarray) -> Path:
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name in ("source", "dest"):
        np.save(folder / f"{name}.npy", arrays.get(name, rng.standard_normal((1, SIZE))))
    (folder / "info.json").write_text(json.dumps({"steps": steps, "snapshot": "ffhq-007"}))
    return folder


def test_an_animation_of_marrows_goes_straight_by_frames_of_a_24th(tmp_path: Path):
    folder = marrow(tmp_path / "birth")
    journey = files.read_journey(folder)
    a, b = (np.load(folder / f"{name}.npy")[0] for name in ("source", "dest"))
    curve = journey.curve(SIZE)
    assert (journey.name, journey.duration) == ("birth", 2.0)
    assert journey.stops[0].place.model.name == "ffhq-007"
    for frame in range(49):
        linear = unit(a + frame / 48 * (b - a))
        assert curve.at(frame / 24) == pytest.approx(linear, abs=1e-5)
    assert (curve.at(1e3) == curve.at(2.0)).all()  # and holds its end


def test_a_hostile_animation_runs_nothing(tmp_path: Path):
    objects = np.array([{"a": print}], dtype=object)
    with pytest.raises(PlaceError, match=r"source.npy: holds no vector"):
        files.read_journey(marrow(tmp_path / "a", source=objects))
    with pytest.raises(PlaceError, match=r"dest.npy"):
        files.read_journey(marrow(tmp_path / "b", dest=np.full(SIZE, np.nan)))
    for name, steps in enumerate(["48", -1, True, 1e9, None]):
        with pytest.raises(PlaceError, match=r"info.json"):
            files.read_journey(marrow(tmp_path / f"s{name}", steps))
    (tmp_path / "b" / "info.json").unlink()
    with pytest.raises(PlaceError, match="cannot be read"):
        files.read_journey(tmp_path / "b")
