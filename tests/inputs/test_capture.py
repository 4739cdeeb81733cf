"""The capture process's parts that need no sound system."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.errors import DeviceError
from installation.inputs.audio_features import FeatureFrame
from installation.inputs.audio_record import FEATURES, TEXT, AudioRecord
from installation.inputs.backoff import Backoff
from installation.inputs.capture import BLOCKS, BlockRing, Publisher, Rate, find_device
from installation.memory import Mailbox

floats = st.floats(allow_nan=False)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=90)


@given(
    st.builds(
        AudioRecord,
        count=st.integers(0, 2**53),
        at=floats,
        values=st.tuples(*[floats] * FEATURES),
        blocks=st.integers(0, 2**53),
        updates_per_s=floats,
        device=texts,
        error=texts,
    )
)
def test_a_record_is_read_as_it_was_written(record: AudioRecord) -> None:
    assert AudioRecord.unpack(record.pack()) == record


def test_a_long_or_odd_name_still_fits() -> None:
    record = AudioRecord(device="ä\0" * 5000, error="\ud800")
    assert len(AudioRecord.unpack(record.pack()).device) <= TEXT


def blocks(ring: BlockRing) -> list[tuple[float, float]]:
    return [(float(block[0]), at) for block, at in ring.take(timeout=0.0)]


def test_a_ring_hands_blocks_on_in_order_mixed_to_mono() -> None:
    ring = BlockRing(hop=4, channels=2)
    for number in range(3):
        ring.put(np.full((4, 2), [number, number + 1], np.float32), at=number / 100)
    assert blocks(ring) == [(0.5, 0.0), (1.5, 0.01), (2.5, 0.02)]
    assert blocks(ring) == []


def test_a_ring_that_was_not_emptied_in_time_skips_to_the_newest() -> None:
    ring = BlockRing(hop=4, channels=1)
    for number in range(10 * BLOCKS):
        ring.put(np.full((4, 1), number, np.float32), at=0.0)
    taken = [number for number, _ in blocks(ring)]
    assert taken == list(range(10 * BLOCKS - BLOCKS // 2, 10 * BLOCKS))


def test_the_rate_is_counted_over_whole_seconds() -> None:
    rate = Rate()
    for number in range(250):
        rate.tick(5.0 + number / 100)
    assert rate.per_second == pytest.approx(100, abs=1)


def test_a_new_capture_goes_on_counting_and_forgets_old_errors() -> None:
    view = memoryview(bytearray(16384))
    frame = FeatureFrame(0.5, (0.1, 0.2, 0.3, 0.4, 0.5), 1.0)
    first = Publisher(view)
    for number in range(5):
        first.publish(frame, at=number / 100, device="old")
    first.fail("gone")
    assert read(view).error == "gone"
    second = Publisher(view)
    assert read(view) == AudioRecord(count=5)
    second.publish(frame, at=1.0, device="new")
    assert read(view).count == 6
    assert read(view).blocks == 1
    assert read(view).values == frame.values
    assert frame.values[:7] == (0.5, 0.1, 0.2, 0.3, 0.4, 0.5, 1.0)


def read(view: memoryview) -> AudioRecord:
    payload = Mailbox(view).read()
    assert payload is not None
    return AudioRecord.unpack(payload)


def device(name: str, inputs: int) -> dict[str, Any]:
    return {"name": name, "max_input_channels": inputs}


def system(*devices: dict[str, Any]) -> Any:
    """The part of sounddevice that finding a device needs."""

    def query_devices(kind: str | None = None) -> Any:
        return devices[-1] if kind == "input" else list(devices)

    return SimpleNamespace(query_devices=query_devices)


CARDS = (device("HDMI 0", 0), device("Scarlett 2i2 USB", 2), device("Webcam", 1))


@pytest.mark.parametrize(
    ("wanted", "found"), [("scarlett", 1), ("2i2", 1), ("Webcam", 2), ("default", 2)]
)
def test_a_device_is_found_by_a_part_of_its_name(wanted: str, found: int) -> None:
    assert find_device(system(*CARDS), wanted) is CARDS[found]


def test_a_device_without_inputs_is_not_found() -> None:
    with pytest.raises(DeviceError, match=r"'HDMI'.*Scarlett 2i2 USB, Webcam"):
        find_device(system(*CARDS), "HDMI")


@pytest.mark.parametrize("cards", [(), CARDS[:1]])
def test_no_input_at_all_is_told(cards: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(DeviceError, match="no sound input"):
        find_device(system(*cards), "default")


def test_delays_grow_and_start_again() -> None:
    backoff = Backoff()
    assert [backoff.next() for _ in range(7)] == [1, 2, 5, 10, 30, 30, 30]
    backoff.reset()
    assert backoff.next() == 1
