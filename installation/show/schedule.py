"""What show.yaml may say of the day: opening hours, and what is switched with them."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from installation.show.strict import Strict
from installation.show.units import Day, Duration, TimeOfDay, Zone

Port = Annotated[int, Field(ge=1, le=65535)]


class Commands(Strict):
    """A program for either way, run without a shell."""

    on: str = Field(min_length=1, max_length=500)
    off: str = Field(min_length=1, max_length=500)


class PjLinkAt(Strict):
    """Where a projector listens."""

    host: str = Field(min_length=1, max_length=200)
    port: Port = 4352
    password: str = Field(default="", max_length=32)


class Screen(Strict):
    """One thing to switch with the day, by one of three ways."""

    dpms: bool = Field(default=False, description="the screens of this X display, by xset")
    pjlink: PjLinkAt | None = Field(default=None, description="a projector on the network")
    on: str | None = Field(default=None, max_length=500, description="a command; no shell")
    off: str | None = Field(default=None, max_length=500, description="a command; no shell")

    @model_validator(mode="after")
    def _one_way(self) -> "Screen":
        ways = self.dpms, self.pjlink is not None, self.on is not None or self.off is not None
        if sum(ways) != 1 or (self.on is None) != (self.off is None):
            raise ValueError("write dpms: true, or pjlink: {host: …}, or both on: … and off: …")
        return self


class Schedule(Strict):
    """When the show is open. Nothing in here stops it: at night it plays on in the dark."""

    open: TimeOfDay | None = Field(default=None, description="as 10:00; without it, always")
    close: TimeOfDay | None = Field(
        default=None, description="as 18:00; before the opening, it is the next day's"
    )
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(
        default=["mon", "tue", "wed", "thu", "fri", "sat", "sun"], max_length=7
    )
    closed: list[Day] = Field(default=[], max_length=1000, description="dates, as 2026-12-24")
    timezone: Zone | None = Field(default=None, description="as Europe/Vienna; else the machine's")
    restart: TimeOfDay | None = Field(
        default=None, description="when decks and desk are restarted, unseen, as 04:00"
    )
    fade: Duration = Field(default=30.0, le=3600, description="of the light, in and out")
    screen: list[Screen] = Field(
        default=[], max_length=16, description="switched on at opening, off when it is dark"
    )
    volume: Commands | None = Field(default=None, description="run at opening, and when it is dark")

    @model_validator(mode="after")
    def _both_or_neither(self) -> "Schedule":
        if (self.open is None) != (self.close is None):
            raise ValueError("open and close belong together: give both, or neither")
        if self.open is not None and self.open == self.close:
            raise ValueError("open and close are the same time; leave both out to be open always")
        return self
