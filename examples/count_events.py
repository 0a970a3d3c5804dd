"""The monitor as a library: record, react and ask, in a program of one's own.

    python examples/count_events.py [folder]

`folder` is the monitor's home, a temporary one by default.
"""

from __future__ import annotations

import sys
import tempfile
import threading

from claude_mpm_monitor import Event, Monitor


def main(home: str) -> None:
    """Emit three events, wait until a subscriber has seen them, and count what is stored."""
    seen: list[str] = []
    complete = threading.Event()

    def on_event(event: Event) -> None:
        """Called on a thread of the monitor's, once for each event, in the order of the store."""
        seen.append(event.summary)
        if len(seen) == 3:
            complete.set()

    # Port 0 takes any free port, so that this runs beside whatever else does.
    with Monitor(home=home, port=0) as monitor:
        print(f"The dashboard is at {monitor.url}/dashboard while this runs.")
        subscription = monitor.subscribe(on_event, kinds=["Deployed"])
        for number in range(3):
            monitor.emit(
                "Deployed",
                {"version": f"1.2.{number}"},
                session_id="release",
                summary=f"version 1.2.{number} is out",
                wait=True,
            )
        complete.wait(timeout=10)
        subscription.close()
        print(f"{monitor.query.totals()['events']} events stored: {', '.join(seen)}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(folder)
