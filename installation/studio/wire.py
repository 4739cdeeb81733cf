"""What goes through the pipes between the desk and the studio: a JSON object and some bytes.

Both ends are this program's, so a frame that is not as it should be is an error and no request.
"""

import asyncio
import json
import struct
from typing import Any, BinaryIO

_HEAD = struct.Struct("<II")  # bytes of JSON, bytes of body
MOST = 256 * 1024 * 1024  # bytes of one frame; a film of a long journey stays far below

Message = dict[str, Any]
Frame = tuple[Message, bytes]


def pack(message: Message, body: bytes = b"") -> bytes:
    """One frame."""
    text = json.dumps(message, separators=(",", ":"), allow_nan=False).encode()
    return _HEAD.pack(len(text), len(body)) + text + body


def read(stream: BinaryIO) -> Frame | None:
    """The next frame of a blocking stream; None when the other end is gone."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    text, body = _sizes(head)
    data = stream.read(text + body)
    return (json.loads(data[:text]), data[text:]) if len(data) == text + body else None


async def receive(reader: asyncio.StreamReader) -> Frame | None:
    """The next frame of an asyncio stream; None when the other end is gone."""
    try:
        text, body = _sizes(await reader.readexactly(_HEAD.size))
        data = await reader.readexactly(text + body)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return json.loads(data[:text]), data[text:]


def _sizes(head: bytes) -> tuple[int, int]:
    text, body = _HEAD.unpack(head)
    if text + body > MOST:
        raise ValueError(f"a frame of {text + body} bytes")
    return text, body
