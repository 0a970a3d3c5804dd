"""What is called by the hub, and no longer."""

from __future__ import annotations

import socket
import threading

from claude_mpm_monitor.server.green import Readable, hubs


def test_who_was_stopped_is_not_called_though_the_hub_has_chosen_it_already() -> None:
    called: list[str] = []

    def run() -> None:
        watched: dict[str, Readable] = {}

        def call(name: str, other: str) -> None:
            called.append(name)
            watched[name].stop()
            if len(called) == 1:
                watched[other].stop()
            hubs.get_hub().abort()

        pairs = [socket.socketpair() for _ in range(2)]
        for name, other, (end, far) in zip("ab", "ba", pairs, strict=True):
            far.send(b"x")
            watched[name] = Readable(end.fileno(), lambda name=name, other=other: call(name, other))
        hubs.get_hub().switch()
        for pair in pairs:
            for end in pair:
                end.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)

    assert not thread.is_alive()
    assert len(called) == 1
