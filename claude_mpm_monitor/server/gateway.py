"""Gateway: the thread that owns every socket.

eventlet runs here unpatched, in a hub of its own on one native thread, because this process
belongs to somebody else. What makes that safe:

- eventlet is imported on the importing thread (`green.py`).
- Other threads reach the hub through one bridge only: a deque and a pipe that wakes it.
- Blocking work leaves the hub through `offload`.
- The thread is stopped within bounds before the interpreter ends; a hub that is still running
  then brings the interpreter down with it.
"""

from __future__ import annotations

import atexit
import collections
import contextlib
import logging
import os
import socket
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import structlog

from claude_mpm_monitor.server.asking import AskableServer
from claude_mpm_monitor.server.connections import Connections, hang_up
from claude_mpm_monitor.server.fast_path import Deliveries
from claude_mpm_monitor.server.green import (
    GreenEvent,
    engineio,
    eventlet,
    hubs,
    socketio,
)
from claude_mpm_monitor.server.http import Busy
from claude_mpm_monitor.server.readers import Readers
from claude_mpm_monitor.server.serving import Admit, Serving
from claude_mpm_monitor.server.watch import Watch, without_compression
from claude_mpm_monitor.server.websocket import bounded

WsgiApp = Callable[..., Any]

#: How often connections that have taken too long are looked for (seconds).
SWEEP_SECONDS = 1.0
#: A Socket.IO message may have so many bytes.
MAX_MESSAGE_BYTES = 8 * 1024 * 1024
#: A read that takes longer than this is given up (seconds).
OFFLOAD_SECONDS = 30.0


def new_socketio() -> socketio.Server:
    """Return a Socket.IO server for a Gateway. Origins other than its own are refused."""
    # Given no logger, both would add handlers that print to stderr, over Claude's terminal.
    log = logging.getLogger("claude_mpm_monitor.socketio")
    # Below this level both log every packet, with the prompts and files in it.
    log.setLevel(logging.WARNING)
    server = AskableServer(
        async_mode="eventlet",
        # On loopback, compressing costs twenty times what it saves.
        http_compression=False,
        max_http_buffer_size=MAX_MESSAGE_BYTES,
        # One after the other, for each client: one that sends faster than it is served waits.
        async_handlers=False,
        logger=log,
        engineio_logger=log,
        ping_interval=25,
        ping_timeout=20,
    )
    server.eio._async = {**server.eio._async, "websocket": _WebSocket}
    return server


class _WebSocket(engineio.async_drivers.eventlet.WebSocketWSGI):  # type: ignore[misc]
    """A websocket that cannot be flooded."""

    def __init__(self, handler: Callable[[Any], Any], server: Any) -> None:
        super().__init__(bounded(handler, eventlet.sleep), server)


class Gateway:
    """Serves a WSGI application on any number of listening sockets. Methods: any thread.

    `around` wraps the application together with Socket.IO, whose requests it sees as well.
    `admit` is asked about each connection, on the gateway's thread and before anything is read.
    `deliveries` takes what can do without the application.
    """

    def __init__(
        self,
        app: WsgiApp,
        server: socketio.Server,
        log: structlog.typing.FilteringBoundLogger,
        *,
        around: Callable[[WsgiApp], WsgiApp],
        admit: Admit,
        deliveries: Deliveries,
    ) -> None:
        self._connections = Connections()
        everything = without_compression(socketio.WSGIApp(server, app))
        watched = Watch(around(everything), self._connections, server.eio.sockets)
        self._serving = Serving(watched, deliveries, self._connections, admit, log)
        self._server = server
        self._log = log
        self._calls: collections.deque[Callable[[], None]] = collections.deque()
        self._armed = False
        self._wake_write: socket.socket | None = None
        self._readers = Readers()
        self._awaited: set[Expected] = set()
        self._ready = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="mpm-monitor-gateway", daemon=True)

    def start(self) -> None:
        """Start the thread; return when it takes calls."""
        self._wake_read, self._wake_write = socket.socketpair()
        self._wake_read.setblocking(False)
        self._wake_write.setblocking(False)
        atexit.register(self.stop)
        _running.add(self)
        self._thread.start()
        self._ready.wait()

    def listen(self, listener: socket.socket) -> None:
        """Serve on a socket that is bound and listening already."""
        self.call(lambda: self._serving.listen(listener))

    def call(self, function: Callable[[], None]) -> None:
        """Have `function` called on the hub, soon and in order. Never waits."""
        self._calls.append(function)
        if not self._armed and self._wake_write is not None:
            self._armed = True
            # Either a wake-up is pending already, or the gateway is closed.
            with contextlib.suppress(OSError):
                self._wake_write.send(b"\0")

    def offload(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run `function` on a reader thread and return its result. Green threads only.

        Raises what the function raises, and Busy when that takes too long.
        """
        done = self.expect()
        self._readers.submit(function, arguments, done.done)
        outcome = done.wait(OFFLOAD_SECONDS)
        if outcome is None:
            raise Busy("The store did not answer in time")
        result, error = outcome
        if error is not None:
            raise error
        return result

    def expect(self) -> Awaited:
        """Return something to wait for that any thread may bring. Green threads only."""
        return Awaited(self, self._awaited)

    def expect_within(self, timeout: float, arrived: Callable[[Any], None]) -> Expected:
        """Have `arrived` called with what any thread brings, or with None (seconds).

        Gateway thread only; `arrived` must not wait for anything.
        """
        expected = Expected(self, self._awaited, arrived)
        expected.begin(timeout)
        return expected

    def spawn(self, function: Callable[[], None]) -> None:
        """Run what may wait on a green thread of its own. Gateway thread only."""
        eventlet.spawn(function)

    def later(self, seconds: float, function: Callable[[], None]) -> None:
        """Have `function` called after so many seconds.

        With 0 when all that can go on now has had its turn. Gateway thread only; the function must
        not wait for anything.
        """
        hubs.get_hub().schedule_call_global(seconds, self._guarded, function)

    def stop(self, timeout: float = 1.0) -> bool:
        """Close every socket and end the thread; False when it had to be abandoned (seconds)."""
        atexit.unregister(self.stop)
        if not self._thread.is_alive():
            return True
        self._stopping = True
        self._deadline = time.monotonic() + timeout * 0.6
        self.call(lambda: None)
        self._thread.join(timeout)
        _running.discard(self)
        self._readers.stop(timeout * 0.2)
        if self._thread.is_alive():
            # Never let it run Python again: the interpreter may be gone by then.
            _park(self._hub)
            self._log.error("the gateway did not stop in time and was parked")
            return False
        return True

    # ---- below: gateway thread only

    def _run(self) -> None:
        self._hub = hubs.get_hub()
        # What fails in the hub is logged, never printed over Claude's terminal.
        self._hub.debug_exceptions = False
        self._hub.squelch_exception = self._log_broken_descriptor
        self._sweeper = eventlet.spawn(self._sweep)
        self._ready.set()
        while not self._stopping:
            hubs.trampoline(self._wake_read, read=True)
            with contextlib.suppress(BlockingIOError):
                self._wake_read.recv(4096)
            # Disarm before draining: a call that comes now wakes the hub again.
            self._armed = False
            self._drain()
        self._close()

    def _drain(self) -> None:
        while self._calls:
            self._guarded(self._calls.popleft())

    def _guarded(self, function: Callable[[], None]) -> None:
        try:
            function()
        except Exception:  # noqa: BLE001  the gateway's loop outlives a failing call
            self._log.exception("a call on the gateway failed")

    def _log_broken_descriptor(self, descriptor: int, error: Any) -> None:
        self._log.warning("a descriptor failed", descriptor=descriptor, exc_info=error)
        self._hub.remove_descriptor(descriptor)

    def _sweep(self) -> None:
        """Hang up on those who take too long, and give up what does not come, for ever."""
        while True:
            eventlet.sleep(SWEEP_SECONDS)
            for client in self._connections.overdue():
                hang_up(client)
            for expected in list(self._awaited):
                expected.give_up_if_late()

    def _close(self) -> None:
        """Say goodbye for a tenth of a second, then hang up on everybody."""
        self._sweeper.kill()
        self._serving.stop_listening()
        for client in list(self._server.eio.sockets.values()):
            # Waiting for a stalled client's queue would take for ever.
            client.close(wait=False)
        self._server.shutdown()
        self._wait_for_connections(min(time.monotonic() + 0.1, self._deadline))
        self._serving.hang_up()
        self._wait_for_connections(min(time.monotonic() + 0.2, self._deadline))
        self._serving.abandon()
        if self._wake_write is not None:
            self._wake_write.close()
        self._wake_read.close()
        # eventlet leaves it to the garbage collector, which never gets at a dead thread's hub.
        for name in ("poll", "kqueue"):
            close = getattr(getattr(self._hub, name, None), "close", None)
            if close is not None:
                close()

    def _wait_for_connections(self, until: float) -> None:
        while self._serving.running() and time.monotonic() < until:
            eventlet.sleep(0.002)

    def let_go(self) -> None:
        """Close the ports, also in a child of fork(), which must not hold them open."""
        self._serving.let_go()


class Expected:
    """A result that another thread brings, and what is called with it, once."""

    def __init__(
        self, gateway: Gateway, awaited: set[Expected], arrived: Callable[[Any], None]
    ) -> None:
        self._gateway = gateway
        self._awaited = awaited
        self._arrived = arrived
        self._until = 0.0
        self._is_there = False

    def begin(self, timeout: float) -> None:
        """Bring None after so many seconds and a sweep. Gateway thread."""
        # Swept: a timer for each would be a sixth of what a delivery costs here.
        self._until = time.monotonic() + timeout
        if not self._is_there:
            self._awaited.add(self)

    def done(self, result: Any) -> None:
        """Bring the result. Any thread, once."""
        self._gateway.call(lambda: self.bring(result))

    def give_up_if_late(self) -> None:
        """Bring None when the time for waiting is over. Gateway thread."""
        if time.monotonic() > self._until:
            self.bring(None)

    def bring(self, result: Any) -> None:
        """Bring the result; what comes second is dropped. Gateway thread."""
        if not self._is_there:
            self._is_there = True
            self._awaited.discard(self)
            self._arrived(result)


class Awaited(Expected):
    """A result that a green thread waits for."""

    def __init__(self, gateway: Gateway, awaited: set[Expected]) -> None:
        self._event = GreenEvent()
        super().__init__(gateway, awaited, self._event.send)

    def wait(self, timeout: float) -> Any:
        """Return the result, or None after `timeout` seconds and a sweep. Green threads only."""
        self.begin(timeout)
        try:
            return self._event.wait()
        finally:
            self._awaited.discard(self)


_running: weakref.WeakSet[Gateway] = weakref.WeakSet()


def _after_fork() -> None:
    for gateway in list(_running):
        gateway.let_go()


os.register_at_fork(after_in_child=_after_fork)


def _park(hub: Any) -> None:
    """Make the hub's thread block outside Python at its next turn, for good."""
    gate = threading.Lock()
    gate.acquire()
    hub.wait = lambda seconds=None: gate.acquire()
