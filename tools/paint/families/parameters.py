"""The numbers that describe one family dinner, and what they become.

Every number is standard normal, every map smooth. The order of the four is smooth too: each person
has a wish where to sit, and where two wishes are equal, their features mix.
"""

from typing import NamedTuple

import numpy as np

from tools.paint.painter import Parameter
from tools.paint.people.parameters import Light, key_light
from tools.paint.people.person import as_people, turn
from tools.paint.people.sitters import SITTERS

CAST = ("tovin", "mirre", "wenna", "ilo")
SEATS = ("first", "second", "third", "fourth")  # from the left of the picture
MANNERS = (
    ("yaw", "turns to the right of the picture"),
    ("pitch", "bows the head"),
    ("roll", "leans the head to the left of the picture"),
    ("lid", "opens the eyes"),
    ("gaze", "looks to the right of the picture"),
    ("mouth", "opens the mouth, as if talking"),
    ("smile", "smiles"),
    ("lean", "moves to the right of the picture"),
    ("rise", "sits higher"),
)
ROOMS = ("umber", "moss", "violet", "amber", "crimson")
CLOTHS = ("linen", "madder", "slate", "saffron")
PARAMETERS: tuple[Parameter, ...] = (
    *(Parameter(name, f"{name} sits further to the right") for name in CAST),
    *(Parameter(f"{s}_{m}", f"the {s} from the left {does}") for s in SEATS for m, does in MANNERS),
    *(Parameter(name, f"more of the {name} wall") for name in ROOMS),
    *(Parameter(name, f"more of the {name} table cloth") for name in CLOTHS),
    Parameter("table", "a higher table"),
    Parameter("folds", "the folds of the cloth move to the left"),
    Parameter("bowl", "the fruit bowl moves to the right"),
    Parameter("candle", "the left candle moves to the right"),
    Parameter("taper", "the right candle moves to the right"),
    Parameter("carafe", "the carafe moves to the right"),
    Parameter("flame", "brighter candles"),
    Parameter("side", "the key light moves further to the left"),
    Parameter("swing", "the key light swings round to the right"),
    Parameter("height", "the key light rises"),
    Parameter("light", "a stronger key light"),
    Parameter("fill", "lighter shadows"),
    Parameter("halo", "a lighter wall behind the family"),
    Parameter("smoke", "second brush field of the wall"),
    Parameter("sway", "the eye moves to the right"),
)
COUNT = len(PARAMETERS)
INDEX: dict[str, int] = {parameter.name: i for i, parameter in enumerate(PARAMETERS)}
PLACES = np.array([-2.45, -0.86, 0.86, 2.45])  # x of the seats
WISHED = np.array([-1.03, -0.30, 0.30, 1.03])  # mean of the sorted four normal numbers
SHARPNESS = 26.0  # at 8 half of all families were cousins who looked alike
CONTRAST = 2.2  # softmax sharpness of walls and cloths: below 2 the mixtures turn brown


def _colours(text: str) -> np.ndarray:
    return np.array([list(bytes.fromhex(word)) for word in text.split()]) / 255.0


WALLS = np.stack([_colours(text) for text in (
    "100a0e 2c1a1c 5a3428 946040", "0a1216 18302e 3c5a4c 84906c", "0c0a18 241e3a 4a3a54 8a6a60",
    "180c08 44220e 8a4a18 d0984a", "1a0c10 4c181c 8c3428 d07a4a",
)])  # fmt: skip
LINENS = np.stack([_colours(text) for text in (
    "1a1420 5a4a4c a89684 e4d8c0 fff6e4", "1c0a0c 5a1a1a 9c3828 d87a50 f8c898",
    "0c1420 2a4256 5c8090 a8c0b8 ecead4", "1a160a 4c4420 8c8040 ccbc7a f4ecc4",
)])  # fmt: skip
# Plate, bowl, carafe, glass, candle, two fruits.
THINGS = _colours("e8e0d0 b8743c 3a5a40 9ab0b4 e8dcc0 d8442c e8a838")


class Dinner(NamedTuple):
    """One family dinner, ready to paint."""

    people: np.ndarray  # four records
    seats: np.ndarray  # (4, 6): x, y, z, scale, cosine and sine of the body's turn
    table: np.ndarray  # (5,): height, half width, half depth, z, phase of the folds
    things: np.ndarray  # (n, 5): kind, x, z, size, height; the candles are rows 1 and 2
    wall: np.ndarray  # (4, 3)
    linen: np.ndarray  # (5, 3)
    colours: np.ndarray  # (7, 3) of the things
    light: Light
    flame: float
    halo: float
    smoke: float
    eye_x: float
    eye_y: float


def bend(z: np.ndarray, name: str, gain: float = 0.8) -> float:
    """A latent number by name, softly limited to [-1, 1]."""
    return float(np.tanh(gain * z[INDEX[name]]))


def order(wishes: np.ndarray) -> np.ndarray:
    """Who sits where, of wishes (..., 4): (..., 4 seats, 4 people), rows and columns sum to one.

    Sinkhorn's iteration (Cuturi 2013, "Sinkhorn Distances") towards the seat each person wishes
    for; in one dimension the sharp limit is sorting, so all 24 orders are equally likely.
    """
    share = np.exp(SHARPNESS * WISHED[:, None] * wishes[..., None, :].astype(np.float64))
    for _ in range(200):
        share /= share.sum(-2, keepdims=True)
        share /= share.sum(-1, keepdims=True)
    return share


def shares(z: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """What each of the named palettes has in the mixture: (..., names), sums to one."""
    weights = np.exp(CONTRAST * z[..., [INDEX[name] for name in names]])
    return weights / weights.sum(-1, keepdims=True)


def facts(z: np.ndarray) -> np.ndarray:
    """What of a dinner is steep in its numbers, of z (B, 64): who sits where, which wall, which
    cloth; (B, 25)."""
    seats = order(z[:, : len(CAST)]).reshape(len(z), -1)
    return np.concatenate([seats, shares(z, ROOMS), shares(z, CLOTHS)], 1)


def _family(z: np.ndarray) -> np.ndarray:
    """The four records from left to right, each with its bearing."""
    cast = np.stack([SITTERS[name] for name in CAST])
    people = as_people(order(z[: len(CAST)]) @ cast)
    for seat, person, place in zip(SEATS, people, PLACES, strict=True):
        across = -0.10 * place  # they turn a little towards the middle
        yaw, pitch = bend(z, f"{seat}_yaw", 0.7), bend(z, f"{seat}_pitch", 0.7)
        roll = bend(z, f"{seat}_roll", 0.6)
        turn(person, across + 0.50 * yaw, 0.05 + 0.20 * pitch, 0.14 * roll)
        person.lid += 0.40 * bend(z, f"{seat}_lid")
        person.gaze_x = 0.045 * bend(z, f"{seat}_gaze")
        person.mouth = 0.31 * (1.0 + np.tanh(1.2 * z[INDEX[f"{seat}_mouth"]] - 1.2))
        person.smile = 0.9 * bend(z, f"{seat}_smile")
    return people


def _seats(z: np.ndarray, people: np.ndarray) -> np.ndarray:
    rows = []
    for i, (seat, place) in enumerate(zip(SEATS, PLACES, strict=True)):
        inner = i in (1, 2)
        x = place + 0.13 * bend(z, f"{seat}_lean", 1.0)
        y = 0.55 + 0.10 * bend(z, f"{seat}_rise", 1.0) + (0.12 if inner else -0.05)
        y -= 2.2 * (1.0 - people[i].stature)
        turned = -0.14 * place
        scale = 0.92 * people[i].stature
        rows.append([x, y, -0.45 if inner else -0.20, scale, np.cos(turned), np.sin(turned)])
    return np.array(rows)


def _things(z: np.ndarray) -> np.ndarray:
    bowl, carafe = 0.25 + 0.5 * bend(z, "bowl", 1.0), 1.85 + 0.25 * bend(z, "carafe", 1.0)
    left, right = -1.0 + 0.3 * bend(z, "candle", 1.0), 1.35 + 0.3 * bend(z, "taper", 1.0)
    rows = [[1, bowl, 1.55, 0.34, 0.1], [4, left, 1.4, 0.07, 0.55], [4, right, 1.35, 0.07, 0.42]]
    rows += [[0, x, 1.95, 0.42, 0.0] for x in (-2.5, -0.85, 0.95, 2.55)]
    rows += [[2, carafe, 1.3, 0.15, 0.80], [3, -1.75, 1.6, 0.12, 0.34], [3, 0.1, 2.05, 0.11, 0.3]]
    return np.array(rows)


def _mixed(z: np.ndarray, names: tuple[str, ...], palettes: np.ndarray) -> np.ndarray:
    return np.tensordot(shares(z, names), palettes, 1)


def compose(parameters: np.ndarray) -> Dinner:
    """The dinner for one parameter vector (64,). Smooth in every number."""
    z = np.asarray(parameters, np.float64)
    if z.shape != (COUNT,):
        raise ValueError(f"a family is described by {COUNT} numbers, not by shape {z.shape}")
    people = _family(z)
    swing = float(3.0 * np.tanh(z[INDEX["swing"]] / 3.0))
    light = Light(
        *key_light(bend(z, "side"), swing, bend(z, "height")),
        strength=0.60 + 0.08 * bend(z, "light"),
        fill=0.09 + 0.03 * bend(z, "fill"),
        rim=0.30,
        warmth=0.0,
        blush=1.0,
    )
    sway = bend(z, "sway")
    table = [-1.42 + 0.08 * bend(z, "table"), 4.4, 0.95, 1.55, 1.1 * bend(z, "folds")]
    return Dinner(
        people,
        _seats(z, people),
        np.array(table),
        _things(z),
        _mixed(z, ROOMS, WALLS),
        _mixed(z, CLOTHS, LINENS),
        THINGS,
        light,
        flame=0.85 + 0.35 * bend(z, "flame"),
        halo=0.22 + 0.12 * bend(z, "halo"),
        smoke=bend(z, "smoke"),
        eye_x=0.5 * sway,
        eye_y=1.1 + 0.3 * bend(z, "table"),
    )
