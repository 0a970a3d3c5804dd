"""Run a program as a child so that its user cannot tell it from having become it (exec).

The child keeps the terminal and our process group, so keys, window size and job control reach it
from the kernel as they would have; nothing stands between it and the terminal. We sleep in
`waitpid` until it stops or ends.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import NamedTuple

from claude_mpm_monitor.host import parent_death

#: Sent to one process, so they would have reached claude had we become it.
_ADDRESSED = ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2")
#: Usually typed, and then the terminal has sent them to the child as well.
_TYPED = ("SIGINT", "SIGQUIT")
#: How long a typed Ctrl-Z and the `fg` after it may take to reach parent and child both.
_SETTLE_SECONDS = 0.05

Handler = Callable[[int, FrameType | None], object] | int | None


class Ending(NamedTuple):
    """How a child ended."""

    #: As a shell shows it: 0 to 255, and 128 + n for death by signal n.
    exit_code: int
    #: The signal it died of, or 0.
    signal_number: int


def run(command: Sequence[str], environment: Mapping[str, str]) -> Ending:
    """Run `command` in the foreground until it ends. Main thread.

    `command[0]` is looked up in the PATH of `environment`, as `os.execvpe` does. Raises what exec
    would have raised (`FileNotFoundError`, `OSError` with E2BIG, …) when it cannot be started.
    """
    with _SignalRelay() as relay:
        process = _start(command, environment)
        relay.attach(process.pid)
        status = _wait(process.pid)
    # Popen would otherwise wait for the child again when it is collected.
    process.returncode = os.waitstatus_to_exitcode(status)
    if os.WIFSIGNALED(status):
        return Ending(128 + os.WTERMSIG(status), os.WTERMSIG(status))
    return Ending(os.WEXITSTATUS(status), 0)


def die_of(signal_number: int) -> None:
    """End this process by `signal_number`, as the child did, without a second core dump."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if signal_number != signal.SIGKILL:
        signal.signal(signal_number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal_number])
    os.kill(os.getpid(), signal_number)


def _start(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start `command` with the descriptors and ignored signals that exec would have left it."""
    sys.stdout.flush()
    sys.stderr.flush()
    return subprocess.Popen(
        list(command),
        env=dict(environment),
        close_fds=False,
        restore_signals=False,
        preexec_fn=parent_death.follow(os.getpid()),
    )


def _wait(pid: int) -> int:
    """Wait for `pid` to end, stopping ourselves whenever it is stopped. Returns its status."""
    while True:
        try:
            _, status = os.waitpid(pid, os.WUNTRACED)
        except ChildProcessError:
            return 0  # somebody else in this process has reaped it: nothing more can be known
        if not os.WIFSTOPPED(status):
            return status
        # A typed Ctrl-Z stopped us too, and by now `fg` has continued both. A program that
        # reads keys itself stops only itself: then the shell waits for us to stop as well.
        time.sleep(_SETTLE_SECONDS)
        if is_stopped(pid):
            os.kill(os.getpid(), signal.SIGSTOP)
            os.kill(pid, signal.SIGCONT)


def is_stopped(pid: int) -> bool:
    """Whether process `pid` is stopped by a signal."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            # The name, in brackets, may hold anything, brackets included.
            state = file.read().rpartition(")")[2].strip()
    except FileNotFoundError:
        state = subprocess.run(
            ["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout.strip()
    return state[:1] == "T"


class _SignalRelay:
    """Passes on to the child what would have reached it, had we become it. Main thread."""

    def __init__(self) -> None:
        self._pid = 0
        self._early: list[int] = []
        self._previous: dict[int, Handler] = {}
        self._had_terminal = _has_terminal()

    def __enter__(self) -> _SignalRelay:
        # Handlers of our own rather than SIG_IGN: a child inherits what is ignored.
        for names, handler in ((_ADDRESSED, self._addressed), (_TYPED, self._typed)):
            for number in (getattr(signal, name) for name in names):
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._previous[number] = signal.signal(number, handler)
        return self

    def __exit__(self, *exception: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)

    def attach(self, pid: int) -> None:
        """Pass signals on to `pid`, those that came before it was there first."""
        self._pid = pid
        for number in self._early:
            self._send(number)

    def _send(self, number: int) -> None:
        if not self._pid:
            self._early.append(number)
            return
        try:
            os.kill(self._pid, number)
        except ProcessLookupError:  # it has just ended: `waitpid` is about to say so
            return

    def _addressed(self, number: int, _frame: FrameType | None) -> None:
        # Of a terminal that goes away, the shell tells its whole job; without a shell the kernel
        # tells the session's leader alone, which we then are.
        lost = self._had_terminal and not _has_terminal()
        if number != signal.SIGHUP or not lost or os.getsid(0) == os.getpid():
            self._send(number)

    def _typed(self, number: int, _frame: FrameType | None) -> None:
        if not _keys_make_signals():
            self._send(number)


def _has_terminal() -> bool:
    """Whether this process has a controlling terminal."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _keys_make_signals() -> bool:
    """Whether Ctrl-C at our terminal makes SIGINT for our process group just now.

    Programs that read single keys switch that off; a SIGINT then comes from `kill`.
    """
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        in_foreground = os.tcgetpgrp(terminal) == os.getpgrp()
        return in_foreground and bool(termios.tcgetattr(terminal)[3] & termios.ISIG)
    except (OSError, termios.error):
        return False
    finally:
        os.close(terminal)
