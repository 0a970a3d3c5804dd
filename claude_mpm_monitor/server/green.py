"""Green: eventlet and what runs on it, imported as a guest in somebody else's process must.

The only module that imports eventlet. It is imported on the importing thread: first imported on a
background thread, it leaves that thread's `join()` waiting for ever
(https://github.com/eventlet/eventlet/issues/230).
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable

# Without its green DNS resolver eventlet takes a tenth of the time and 7 MB less to import.
os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
with warnings.catch_warnings():
    # "New usages of eventlet are now heavily discouraged": known, and decided (docs/decisions).
    warnings.simplefilter("ignore")
    import engineio.async_drivers.eventlet
    import eventlet
    import eventlet.wsgi
    import socketio
    from eventlet import hubs
    from eventlet.event import Event as GreenEvent
    from eventlet.greenio import GreenSocket

# eventlet imports http.server a second time, with its own locks inside, puts sys.modules right
# again but leaves that copy as the package's attribute: `http.server.HTTPServer(...)` anywhere in
# this process would then wait in a hub, on a thread that has none. Give the real one back.
if "http.server" in sys.modules:
    sys.modules["http"].__dict__["server"] = sys.modules["http.server"]
else:
    sys.modules["http"].__dict__.pop("server", None)

__all__ = ["GreenEvent", "GreenSocket", "Readable", "engineio", "eventlet", "hubs", "socketio"]


class Readable:
    """Has the hub of this thread call `called` whenever something can be read, until `stop`.

    A green thread that waits for a descriptor enters it into the poll and takes it out each time:
    two calls of the system and two switches for each read.
    """

    def __init__(self, descriptor: int, called: Callable[[], None]) -> None:
        self._called = called
        self._is_stopped = False
        self._hub = hubs.get_hub()
        self._listener = self._hub.add(self._hub.READ, descriptor, self._call, _obsolete, None)

    def stop(self) -> None:
        """Call no more. Once, before the descriptor is closed."""
        self._is_stopped = True
        self._hub.remove(self._listener)

    def _call(self, _descriptor: int) -> None:
        # The hub collects whom to call before it calls anybody.
        if not self._is_stopped:
            self._called()


def _obsolete(error: Exception) -> None:
    """Raise that a descriptor was closed while it was watched; the hub tells the log."""
    raise error
