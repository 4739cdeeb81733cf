"""The rows every show has. Scenes name the choices of `/scene`; shaders add rows of their own."""

from collections.abc import Sequence
from typing import Any

from installation.control.edit_rows import edit_rows
from installation.control.parameters import Kind, Parameter, Scope
from installation.control.told_rows import audio_rows, cue_state_rows, state_rows

STEERING_AXES = 4
OWN_WALK = "walk"  # the choice of /journey that is no journey


def house_rows(
    scenes: Sequence[str], cues: Sequence[str] = (), journeys: Sequence[str] = ()
) -> list[Parameter]:
    """The controls of any show with these scenes, cues and journeys, in the panel's order."""
    return [
        *_scene_rows(scenes),
        *_cue_rows(cues),
        *_journey_rows(journeys),
        *_walk_rows(),
        *_steer_rows(),
        *edit_rows(),
        *_master_rows(),
        *_calibrate_rows(),
        *_machine_rows(),
        *audio_rows(),
        *state_rows(scenes),
        *cue_state_rows(len(cues)),
    ]


def trigger(address: str, help: str) -> Parameter:
    """A row that counts presses. 2**53 is the last count a float holds exactly."""
    return Parameter(address, Kind.TRIGGER, 0, 0, 2.0**53, help, scope=Scope.MACHINE)


def _scene_rows(scenes: Sequence[str]) -> list[Parameter]:
    def row(
        name: str, kind: Kind, default: float, high: float, help: str, **more: Any
    ) -> Parameter:
        return Parameter(name, kind, default, 0, high, help, scope=Scope.MACHINE, **more)

    last = len(scenes) - 1
    return [
        row("/scene", Kind.CHOICE, 0, last, "the scene on the wall", choices=tuple(scenes)),
        trigger("/scene/next", "go to the next scene"),
        trigger("/scene/previous", "go to the previous scene"),
        trigger("/scene/safe", "go to the first scene, every control at its default"),
        trigger("/scene/pass", "pass to the scene's next model, where it has several"),
        row("/scene/fade", Kind.FLOAT, 4, 60, "how long a scene change takes", unit="s", curve=2),
    ]


def _cue_rows(cues: Sequence[str]) -> list[Parameter]:
    rows = [
        trigger("/cue/go", "call the next cue, or let a held one run on"),
        trigger("/cue/back", "call the cue above the current one"),
        trigger("/cue/hold", "stop the fade and the time of the current cue, or let it run on"),
        trigger("/cue/clear", "take away what the explorer has sent to GO"),
    ]
    if not cues:
        return rows
    last, words = len(cues) - 1, "call any cue, by its name or its place from 0"
    jump = Parameter(
        "/cue/jump", Kind.CHOICE, 0, 0, last, words, scope=Scope.MACHINE, choices=tuple(cues)
    )
    return [*rows, jump]


def _journey_rows(journeys: Sequence[str]) -> list[Parameter]:
    """None where the show has no journeys: a choice of one thing is no control."""
    if not journeys:
        return []
    choices = (OWN_WALK, *journeys)
    help = "the journey that is gone in this scene; walk is the scene's own"
    last = len(choices) - 1
    return [
        Parameter("/journey", Kind.CHOICE, 0, 0, last, help, scope=Scope.MACHINE, choices=choices)
    ]


def _machine_rows() -> list[Parameter]:
    return [
        trigger("/restart/deck_a", "end deck A; it starts again behind its last picture"),
        trigger("/restart/deck_b", "end deck B; it starts again behind its last picture"),
    ]


def _walk_rows() -> list[Parameter]:
    def row(name: str, default: float, high: float, help: str) -> Parameter:
        return Parameter(f"/walk/{name}", Kind.FLOAT, default, 0, high, help, "x", smooth=0.25)

    def style(name: str, default: float, help: str) -> Parameter:
        return Parameter(f"/style/{name}", Kind.FLOAT, default, 0, 1, help, smooth=0.25)

    return [
        row("speed", 1, 4, "how fast the walk goes; 1 takes the scene's own period, 0 stands"),
        row("spread", 1, 1.5, "how far the walk strays from the middle of the space"),
        row("tide", 1, 4, "how fast the swells roll, where the model has swells"),
        Parameter(
            "/style/psi",
            Kind.FLOAT,
            1,
            0,
            1.3,
            "truncation: 0 is the average picture, 1 the whole space",
            smooth=0.25,
        ),
        style("mix", 0, "how much of a second place's styles comes in, where one is given"),
        style("coarse", 1, "how much of that reaches the coarse layers, 4 to 8 px"),
        style("middle", 1, "how much of that reaches the middle layers, 16 to 32 px"),
        style("fine", 1, "how much of that reaches the fine layers, 64 px and up"),
    ]


def _steer_rows() -> list[Parameter]:
    names = ["x", "y", *(str(number) for number in range(1, STEERING_AXES + 1))]
    return [
        Parameter(
            f"/steer/{name}",
            Kind.FLOAT,
            0,
            -2,
            2,
            f"a push along the scene's steering axis {name}",
            "sd",
            smooth=0.15,
        )
        for name in names
    ]


def _master_rows() -> list[Parameter]:
    def switch(name: str, help: str, default: float = 0, smooth: float = 0.0) -> Parameter:
        return Parameter(name, Kind.BOOL, default, 0, 1, help, scope=Scope.MACHINE, smooth=smooth)

    def share(name: str, default: float, low: float, help: str) -> Parameter:
        return Parameter(name, Kind.FLOAT, default, low, 1, help, scope=Scope.MACHINE, smooth=0.2)

    day = Parameter(
        "/day/open",
        Kind.CHOICE,
        0,
        0,
        2,
        "open or closed by hand until the hours next change; auto goes by the hours",
        scope=Scope.MACHINE,
        choices=("auto", "open", "closed"),
        resets=False,  # what was opened stays open
    )
    return [
        share("/master/brightness", 1, 0, "light of the whole picture"),
        switch("/master/blackout", "fade to black, on purpose"),
        switch("/master/freeze", "hold the picture as it is"),
        share("/master/ceiling", 1, 0.05, "brightest light the wall may give; 1 is white"),
        share("/master/orbit", 1, 0, "slow wandering of the picture against burn-in; 0 stands"),
        switch("/hud/visible", "the operator's figures over the picture"),
        switch("/hud/help", "what every key does, over the picture"),
        day,
    ]


def _calibrate_rows() -> list[Parameter]:
    grid = "the calibration's grid on the wall, in place of the picture"
    moves = [
        trigger(f"/calibrate/{way}", f"move the chosen point a pixel {way}")
        for way in ("left", "right", "up", "down")
    ]
    return [
        Parameter("/calibrate/grid", Kind.BOOL, 0, 0, 1, grid, scope=Scope.MACHINE),
        trigger("/calibrate/window", "calibrate the next window"),
        trigger("/calibrate/point", "calibrate the next point of the window"),
        *moves,
        trigger("/calibrate/mesh", "move corners, or points of the mesh"),
        trigger("/calibrate/reset", "the window as show.yaml has it"),
        trigger("/calibrate/save", "keep the calibration on this machine"),
    ]


def record_rows() -> list[Parameter]:
    """The controls of a show with a recorder."""
    return [
        trigger("/record/start", "record a film of the wall from now on"),
        trigger("/record/stop", "end the film"),
        trigger("/capture/still", "keep the picture on the wall as a PNG"),
    ]


def midi_rows() -> list[Parameter]:
    """The controls of a show with MIDI."""
    learn = "learn MIDI: touch a control, then move the knob that shall steer it"
    forget = "while learning: forget the knobs of the control that was touched last"
    return [
        Parameter("/midi/learn", Kind.BOOL, 0, 0, 1, learn, scope=Scope.MACHINE),
        trigger("/midi/forget", forget),
    ]
