"""Locking pages for a card, against a stand-in for CUDA's list of locked memory."""

import logging

import numpy as np
import pytest

from installation.decks.backends.page_locks import PageLocks

REFUSED, ALREADY, UNKNOWN = 1, 712, 713


class Cudart:
    """cudaHostRegister and cudaHostUnregister, as CUDA's documentation has them."""

    def __init__(self, allowed: bool = True) -> None:
        self.allowed = allowed
        self.locked: dict[int, int] = {}

    def cudaHostRegister(self, start: int, size: int, flags: int) -> int:  # noqa: N802
        if start in self.locked:
            return ALREADY
        if self.allowed:
            self.locked[start] = size
        return 0 if self.allowed else REFUSED

    def cudaHostUnregister(self, start: int) -> int:  # noqa: N802
        return 0 if self.locked.pop(start, None) else UNKNOWN


def test_pages_are_locked_once_and_let_go_with_the_last_network_that_paints_there():
    card, slot = Cudart(), np.zeros((8, 8, 4), np.uint8)
    locks, start = PageLocks(lambda: card), slot.ctypes.data
    assert locks.lock(slot)
    assert locks.lock(slot)
    assert card.locked == {start: slot.nbytes}
    locks.unlock(start)
    assert card.locked == {start: slot.nbytes}
    locks.unlock(start)
    assert not card.locked
    assert locks.lock(slot)
    assert card.locked == {start: slot.nbytes}


def test_a_wider_picture_in_the_same_slot_is_copied_and_takes_nothing_away():
    card, memory = Cudart(), np.zeros(4096, np.uint8)
    locks, start = PageLocks(lambda: card), memory.ctypes.data
    assert locks.lock(memory[:1024])
    assert not locks.lock(memory)
    assert locks.lock(memory[:512])
    assert card.locked == {start: 1024}
    locks.unlock(start)
    locks.unlock(start)
    assert not card.locked
    assert locks.lock(memory)


def test_a_refusal_is_told_once_and_the_pictures_are_copied(caplog: pytest.LogCaptureFixture):
    card = Cudart(allowed=False)
    locks = PageLocks(lambda: card)
    slots = [np.zeros((8, 8, 4), np.uint8) for _ in range(3)]
    with caplog.at_level(logging.WARNING):
        assert not any(locks.lock(slot) for slot in slots)
    assert [record.getMessage() for record in caplog.records] == [
        "pages cannot be locked for the card (CUDA error 1): pictures are copied"
    ]
