"""What a websocket may send: messages of a bounded size, at a bounded rate.

eventlet bounds frames only, of which a message may have any number, unmasks them byte by byte,
and reads on without letting others have a turn for as long as there is something to read.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

#: Messages that are read at once, and that are read in a second: then its sender has to wait.
BURST = 50
MESSAGES_PER_SECOND = 1_000


def bounded(handler: Callable[[Any], Any], sleep: Callable[[float], None]) -> Callable[[Any], Any]:
    """Return `handler` for a websocket of eventlet's, with that websocket bounded."""

    def handle(websocket: Any) -> Any:
        websocket.Message = _message_of(websocket)
        websocket._apply_mask = _unmasked
        websocket.wait = _paced(websocket.wait, sleep)
        return handler(websocket)

    return handle


def _message_of(websocket: Any) -> type:
    """Return the class of its messages, which refuses one whose frames are too much together."""

    class Message(type(websocket).Message):  # type: ignore[misc]
        size = 0

        def push(self, data: bytes, final: bool = False) -> None:
            self.size += len(data)
            # Frames without anything in them take memory as well.
            if self.size > self.max_frame_length or len(self.data) > self.max_frame_length >> 8:
                raise ValueError("The message is too large")
            super().push(data, final)

    return Message


def _unmasked(data: bytes, mask: tuple[int, ...], length: int = 0, offset: int = 0) -> bytes:
    turned = bytes(mask[(offset + index) % 4] for index in range(4))
    key = (turned * (len(data) // 4 + 1))[: len(data)]
    number = int.from_bytes(data, "little") ^ int.from_bytes(key, "little")
    return number.to_bytes(len(data), "little")


def _paced(wait: Callable[[], Any], sleep: Callable[[float], None]) -> Callable[[], Any]:
    taken, since = 0, time.monotonic()

    def paced() -> Any:
        nonlocal taken, since
        taken += 1
        if taken >= BURST:
            sleep(max(0.0, since + BURST / MESSAGES_PER_SECOND - time.monotonic()))
            taken, since = 0, time.monotonic()
        return wait()

    return paced
