"""Fixtures of the tests that run whole shows."""

from tests.sound import virtual_microphone

__all__ = ["virtual_microphone"]
