"""Green: eventlet and what runs on it, imported as a guest in somebody else's process must.

The only module that imports eventlet. It is imported on the importing thread: first imported on a
background thread, it leaves that thread's `join()` waiting for ever
(https://github.com/eventlet/eventlet/issues/230).
"""

from __future__ import annotations

import os
import sys
import warnings

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

__all__ = ["GreenEvent", "GreenSocket", "engineio", "eventlet", "hubs", "socketio"]
