"""Claude launched under the monitor: as a child where the host would have become it by exec."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import PurePath
from types import ModuleType
from typing import Any, NoReturn

from claude_mpm_monitor.host import child
from claude_mpm_monitor.host.monitored_run import MonitoredRun

_ending: child.Ending | None = None


def is_claude(program: object) -> bool:
    """Whether `program`, a name or path, is Claude Code's command."""
    name = PurePath(str(program).replace("\\", "/")).name.lower()
    return name.removesuffix(".exe").removesuffix(".cmd") == "claude"


def as_if_exec(
    run: MonitoredRun, command: Sequence[str], environment: Mapping[str, str]
) -> NoReturn:
    """Run claude to its end, then leave the process as claude did.

    Raises what exec would have raised when claude cannot be started, else SystemExit, so that
    the host's own clean-up runs.
    """
    launch = run.launching(command, environment)
    ending = child.run(launch.command, launch.environment)
    run.claude_exited(ending.exit_code)
    run.end()
    remember(ending)
    raise SystemExit(ending.exit_code)


def replace_exec(run: MonitoredRun) -> None:
    """Make `os.exec*` of claude, and of nothing else, run it as a child of `run`."""
    for name in ("execvpe", "execve", "execvp", "execv"):
        _replace_exec(run, name, getattr(os, name))


def _replace_exec(run: MonitoredRun, name: str, real: Callable[..., NoReturn]) -> None:
    def monitored(file: str, args: Sequence[str], env: Mapping[str, str] | None = None) -> NoReturn:
        if is_claude(file):
            as_if_exec(run, [os.fspath(file), *args[1:]], os.environ if env is None else env)
        real(file, args) if env is None else real(file, args, env)
        raise AssertionError("exec came back")

    monitored.__name__ = name
    setattr(os, name, monitored)


def remember(ending: child.Ending) -> None:
    """Let this process end as claude did, once everything else is done."""
    global _ending
    _ending = ending


def end_as_claude_did() -> None:
    """At the very end of the process: what a shell sees is how claude ended, not how we did.

    Leaves without taking the interpreter apart, which would keep the user from their prompt for
    a third of a second.
    """
    if _ending is None:
        return
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # closed, or nobody reads it any more
            stream.flush()
    if _ending.signal_number:
        child.die_of(_ending.signal_number)
    os._exit(_ending.exit_code)


class MonitoredSubprocess(ModuleType):
    """`subprocess` as one module of the host sees it: claude is started with our hooks.

    How the host captures output, waits and times out stays its own.
    """

    def __init__(self, real: ModuleType, run: Callable[[], MonitoredRun | None]) -> None:
        super().__init__(real.__name__, real.__doc__)
        self._real = real
        self._run_of_process = run

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def run(self, *args: Any, **options: Any) -> Any:
        """`subprocess.run`."""
        run, args, options = self._prepared(args, options)
        result = self._real.run(*args, **options)
        if run is not None:
            code = result.returncode
            run.claude_exited(code if code >= 0 else 128 - code)
        return result

    def Popen(self, *args: Any, **options: Any) -> Any:
        """`subprocess.Popen`."""
        _, args, options = self._prepared(args, options)
        return self._real.Popen(*args, **options)

    def _prepared(
        self, args: tuple[Any, ...], options: dict[str, Any]
    ) -> tuple[MonitoredRun | None, tuple[Any, ...], dict[str, Any]]:
        command = args[0] if args else options.get("args")
        run = self._run_of_process()
        if run is None or not isinstance(command, list) or not command or not is_claude(command[0]):
            return None, args, options
        launch = run.launching(command, options.get("env") or os.environ)
        options = {**options, "env": launch.environment}
        if args:
            return run, (launch.command, *args[1:]), options
        return run, args, {**options, "args": launch.command}
