"""NDI, received by NDI's own receiver on this machine."""

import time

import numpy as np
import pytest

pytest.importorskip("cyndilib")
HANG = 20.0  # seconds


def test_a_receiver_sees_the_picture():
    from cyndilib.finder import Finder
    from cyndilib.receiver import Receiver
    from cyndilib.video_frame import VideoFrameSync
    from cyndilib.wrapper.ndi_recv import RecvBandwidth, RecvColorFormat

    from installation.outputs.ndi import NdiSink

    picture = np.full((180, 320, 4), 255, np.uint8)
    picture[..., 0] = np.linspace(10, 240, 320)
    picture[..., 1] = np.linspace(20, 220, 180)[:, None]
    picture[..., 2] = 90
    sink, frame, finder = NdiSink("loopback"), VideoFrameSync(), Finder()
    finder.open()
    receiver = Receiver(color_format=RecvColorFormat.RGBX_RGBA, bandwidth=RecvBandwidth.highest)
    receiver.frame_sync.set_video_frame(frame)
    deadline = time.monotonic() + HANG
    found = False
    while not frame.xres:
        assert time.monotonic() < deadline, "no source" if not found else "no picture"
        sink.send(picture, time.monotonic())
        if not found:
            source = next((each for each in finder if "loopback" in each.name), None)
            found = source is not None
            if source:
                receiver.set_source(source)
        elif receiver.is_connected():
            receiver.frame_sync.capture_video()
    seen = np.array(frame.get_array()).reshape(frame.yres, -1)[:, : 4 * frame.xres]
    seen = seen.reshape(frame.yres, frame.xres, 4)[..., :3].astype(int)
    off = abs(seen - picture[..., :3])
    print(f"NDI: off by {off.mean():.2f} of 255 on average, {off.max()} at most")
    assert seen.shape == (180, 320, 3)
    assert off.mean() < 2.0  # its codec is lossy and 4:2:2
    assert off.max() <= 16
    receiver.disconnect()
    sink.close()
    finder.close()
