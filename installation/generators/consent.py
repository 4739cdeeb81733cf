"""Whether the person whom a model depicts still agrees to its being shown. Pure: dates come in."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from installation.show.units import Day


class Consent(BaseModel):
    """The terms in a card: who agreed, to what, until when; and whether that was taken back."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    who: str = Field(min_length=1, max_length=200)
    purpose: str = Field(default="", alias="for", max_length=400)
    until: Day | None = Field(default=None, description="the last day, included")
    withdrawn: Day | bool = Field(default=False, description="true, or the day it was taken back")

    def refusal(self, today: date) -> str | None:
        """Why the model may not be shown on that day, None when it may."""
        taken_back = self.withdrawn
        if isinstance(taken_back, bool):
            since = ""
        else:
            since, taken_back = f" on {taken_back}", taken_back <= today
        if taken_back:
            return f"{self.who} has withdrawn consent{since}"
        if self.until and self.until < today:
            return f"the consent of {self.who} lapsed on {self.until}"
        return None

    def days_left(self, today: date) -> int | None:
        """Days until it lapses, None when it does not."""
        return (self.until - today).days if self.until else None


def refusal(consent: "str | Consent", today: date) -> str | None:
    """As `Consent.refusal`; a sentence in a card sets no terms."""
    return consent.refusal(today) if isinstance(consent, Consent) else None
