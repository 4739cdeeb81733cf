"""Fixtures of the tests that run whole shows."""

from tests.screens import virtual_screen
from tests.sound import virtual_microphone

__all__ = ["virtual_microphone", "virtual_screen"]
