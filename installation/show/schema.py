"""What show.yaml may say. Every key is here or in the parts beside this file, with its default;
`installation schema` prints it."""

from typing import Literal

from pydantic import Field, model_validator

from installation.control.easing import Easing
from installation.control.edit_rows import BEND_SLOTS
from installation.show.edits import Bend, Compose
from installation.show.framing import Frame
from installation.show.inputs import Inputs
from installation.show.models import AnyModel, MadeModel, TestCardModel
from installation.show.names import ModelName, Name
from installation.show.network import Port
from installation.show.outputs import Output, Window
from installation.show.routes import Route
from installation.show.schedule import Schedule
from installation.show.strict import Strict
from installation.show.units import Bytes, Duration, Size, TimeOfDay
from installation.show.walk import Fence, Walk

Provider = Literal["tensorrt", "tensorrt_rtx", "cuda", "coreml", "directml", "cpu"]
# TensorRT is left to be asked for: its first start builds for minutes.
PROVIDERS: list[Provider] = ["cuda", "coreml", "directml", "cpu"]


class Passing(Strict):
    """How a scene of several models passes from one to the next. The walk goes on meanwhile."""

    each: Duration = Field(default=60.0, description="how long each stands alone; 0 never rests")
    fade: Duration = Field(default=8.0, gt=0, description="how long the way to the next takes")
    order: Literal["forward", "pingpong", "random"] = Field(
        default="forward", description="pingpong goes there and back; random leaves none out"
    )
    seed: int = Field(default=0, ge=0, lt=2**32, description="of a random order")


class Scene(Strict):
    """A model, or several in turn, a walk through it, and how it looks."""

    model: str = Field(default="", pattern=r"^([a-z0-9_]+(/[a-z0-9_]+)?)?$", max_length=80)
    models: list[ModelName] = Field(
        default=[], max_length=64, description="in place of model: the walk passes through them"
    )
    passing: Passing = Passing()
    walk: Walk = Walk()
    fence: Fence = Fence()
    mix: int | str | None = Field(
        default=None, description="a seed or a place's file: what style/mix mixes in"
    )
    centre: list[int | str] = Field(
        default=[],
        max_length=64,
        description="seeds or places' files: truncation draws towards their mean",
    )
    bend: list[Bend] = Field(default=[], max_length=BEND_SLOTS)
    compose: Compose | None = None
    look: list[Name] = Field(
        ["finish"], max_length=12, description="passes from shaders/, in order"
    )
    frame: Frame | None = Field(
        default=None,
        description="how its pictures lie on the wall; as the model's card says, if absent",
    )
    axes: dict[Name, str] = Field(
        default={}, description="what /steer/x, y, 1 … 4 push: an axis of the model's card"
    )
    steer: dict[str, Route] = Field(default={}, description="a control's address: where it listens")

    @model_validator(mode="after")
    def _a_model_or_several(self) -> "Scene":
        if bool(self.model) == bool(self.models):
            raise ValueError("a scene has a model, or several as models: [one, another]")
        return self

    @property
    def cast(self) -> list[str]:
        """Who plays in it, in their order."""
        return self.models or [self.model]

    @property
    def representatives(self) -> list[str]:
        """Who stands for all where only one is shown, the fittest first: the middle one. A training
        begins with noise."""
        middle = len(self.cast) // 2
        return self.cast[middle:] + self.cast[:middle]

    def played(self, member: int) -> "Scene":
        """The scene as this one of its cast plays it."""
        return self.model_copy(update={"model": self.cast[member], "models": []})


class Cue(Strict):
    """A step of the evening: what it says moves there over its fade, what it does not say stays."""

    name: Name
    scene: Name | None = None
    look: list[Name] | None = Field(
        default=None, max_length=12, description="passes instead of the scene's own"
    )
    targets: dict[str, float | bool | str] = Field(
        default={}, alias="set", max_length=200, description="a control's address: where it goes"
    )
    fade: Duration = 4.0
    easing: Easing = "smooth"
    wait: Duration = Field(default=0.0, description="from GO to the beginning of the fade")
    follow: Duration | None = Field(
        default=None, description="the next cue goes by itself so long after the fade"
    )
    at: TimeOfDay | None = Field(default=None, description="goes by itself at this time of day")
    then: Name | None = Field(default=None, description="the next cue, if not the one below")


class Panel(Strict):
    """The page the operator opens."""

    port: Port = 8080
    listen: str = "127.0.0.1"
    announce: bool = Field(
        default=False, description="tell the network of it (OSCQuery, multicast DNS)"
    )
    pair: Literal["network", "always"] = Field(
        default="network",
        description="who needs a code: others on the network, or this machine as well",
    )


class Decks(Strict):
    """How the networks are run. Their rate is a little above the screen's, so that every
    presented picture is a new one; more would only take time from the stage."""

    rate: float = Field(default=66.0, gt=0, le=1000, description="most pictures a second")
    backend: Literal["auto", "openvino", "onnxruntime", "torch", "tensorrt"] = "auto"
    providers: list[Provider] = Field(
        default=PROVIDERS, min_length=1, description="what onnxruntime tries, the first that starts"
    )
    memory: Bytes | None = Field(
        default=None,
        description="what a deck may take, as 3GB; two fifths of the machine's, if absent",
    )
    smaller: dict[Name, Name] = Field(
        default={}, description="a model: the smaller one that plays when memory is short"
    )


class Show(Strict):
    """A whole show."""

    title: str = Field(default="Untitled", max_length=120)
    models: dict[Name, AnyModel] = Field(
        min_length=1, description="a name: the model's folder, from show.yaml's own"
    )
    scenes: dict[Name, Scene] = Field(min_length=1)
    cues: list[Cue] = Field(default=[], max_length=500, description="what GO walks through")
    journeys: dict[Name, str] = Field(
        default={}, max_length=64, description="a name: its file, or a folder of Marrow's"
    )
    inputs: Inputs = Inputs()
    canvas: Size | None = Field(
        default=None, description="what all outputs show a part of; as the first window if absent"
    )
    outputs: list[Output] = Field(default=[Output(window=Window())], max_length=16)
    panel: Panel | None = Panel()
    house_colour: str = Field(
        "#0b1a24", pattern=r"^#[0-9a-fA-F]{6}$", description="shown while nothing else can be"
    )
    decks: Decks = Decks()
    schedule: Schedule | None = Field(default=None, description="opening hours and screens")

    def source(self, model: str) -> str | TestCardModel | MadeModel:
        """What a scene's model is made from; `family/03` is a moment of the model `family`."""
        name, _, moment = model.partition("/")
        found = self.models[name]
        if not moment or not isinstance(found, str):
            return found
        return MadeModel(of=[f"{found}/snapshots/{moment}.safetensors"])

    @property
    def sources(self) -> list[str]:
        """The names of the show's models, and of the moments that its scenes play."""
        played = (name for scene in self.scenes.values() for name in scene.cast)
        return list(dict.fromkeys([*self.models, *played]))

    @property
    def frames(self) -> list[Frame]:
        """How every scene's pictures lie on the canvas, in the scenes' order."""
        return [scene.frame or Frame() for scene in self.scenes.values()]

    @property
    def looks(self) -> list[list[str]]:
        """Every scene's look, in the scenes' order, and then those that cues bring along."""
        scenes = [scene.look for scene in self.scenes.values()]
        return scenes + [cue.look for cue in self.cues if cue.look is not None]
