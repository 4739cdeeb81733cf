"""The rows that the program writes, for everyone to read: the sound's features, how the show is."""

from collections.abc import Sequence

from installation.control.easing import EASINGS
from installation.control.parameters import Kind, Parameter, Scope

AUDIO_BANDS = ("bass", "low", "mid", "high", "air")
PITCHES = ("c", "c_sharp", "d", "d_sharp", "e", "f", "f_sharp", "g", "g_sharp", "a", "a_sharp", "b")
AUDIO_FEATURES = (
    "level",
    *AUDIO_BANDS,
    "onset",
    "centroid",
    "tempo",
    "beat",
    "confidence",
    *(f"chroma/{pitch}" for pitch in PITCHES),
)
_NONE = ", -1 while it sleeps, -2 for one that has left the show"


def audio_rows() -> list[Parameter]:
    """In the order of AUDIO_FEATURES."""

    def row(name: str, help: str, high: float = 1, unit: str = "") -> Parameter:
        return Parameter(f"/audio/{name}", Kind.FLOAT, 0, 0, high, help, unit, scope=Scope.STATE)

    bands = [row(band, f"loudness of the {band} band, gain set by itself") for band in AUDIO_BANDS]
    pitches = [
        row(f"chroma/{pitch}", f"how strong {pitch.replace('_', ' ')} is, in all octaves")
        for pitch in PITCHES
    ]
    return [
        row("level", "loudness, gain set by itself"),
        *bands,
        row("onset", "jumps to 1 at the start of a sound and falls back in 200 ms"),
        row("centroid", "how bright the sound is: its spectrum's centroid, by octaves from 30 Hz"),
        row("tempo", "beats a minute, 0 while none is found", 400, "bpm"),
        row("beat", "0 on the beat, growing to 1 at the next"),
        row("confidence", "how sure the tempo is"),
        *pitches,
    ]


def _state(
    name: str, low: float, high: float, help: str, unit: str = "", default: float | None = None
) -> Parameter:
    start = low if default is None else default
    return Parameter(f"/state/{name}", Kind.FLOAT, start, low, high, help, unit, scope=Scope.STATE)


def state_rows(scenes: Sequence[str]) -> list[Parameter]:
    """How the show is: what the decks play, the light, the change under way, the rates."""
    row, last = _state, len(scenes) - 1
    return [
        # Deck A starts on the first scene by default, without waiting for the desk.
        row("deck_a", -2, last, f"the scene deck A plays{_NONE}", default=0),
        row("deck_b", -2, last, f"the scene deck B plays{_NONE}", default=-1),
        row("model_a", 0, 63, "of a scene of several models, which one deck A plays, from 0"),
        row("model_b", 0, 63, "of a scene of several models, which one deck B plays, from 0"),
        row("crossfade", 0, 1, "0 shows deck A, 1 shows deck B"),
        row("look_a", -1, 1000, "the look a cue gives deck A, -1 for its scene's own"),
        row("look_b", -1, 1000, "the look a cue gives deck B, -1 for its scene's own"),
        row("light", 0, 1, "what opening hours leave of the light", default=1),
        row("standby", -1, last, "the scene whose model the sleeping deck keeps ready, or -1"),
        row("standby_model", 0, 63, "of a scene of several models, which one that is"),
        row("fade", 0, 7 * 24 * 3600, "how long the change under way takes", "s", default=4),
        row("easing", 0, len(EASINGS) - 1, f"how it goes: {', '.join(EASINGS)}"),
        row("fade_held", 0, 1, "1 while it stands still"),
        row("live_fps", 0, 1000, "new pictures a second", "fps"),
        row("stage_fps", 0, 1000, "presented pictures a second", "fps"),
        row("picture_age", 0, 3600, "age of the newest picture", "s"),
        row("watchers", 0, 64, "clients that watch the preview"),
    ]


def cue_state_rows(cues: int) -> list[Parameter]:
    """Where the list of so many cues stands."""
    row, last, day = _state, max(cues - 1, 0), 24 * 3600
    return [
        row("cue", -1, last, "the place of the cue that was called last, -1 before the first"),
        row("cue_next", -1, last, "the place of the cue that GO calls, -1 at the list's end"),
        row("cue_progress", 0, 1, "how much of the cue's fade is done", default=1),
        row("cue_follows", -1, day, "until the next cue goes by itself, -1 if it does not", "s"),
        row("held", 0, 1, "1 while the current cue is held"),
    ]
