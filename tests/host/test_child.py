"""A child that looks to its user as if we had become it.

A small program stands in for claude; it runs under `child.run`, and that under a terminal of the
test's own, most of the time below an interactive shell.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import psutil
import pytest

from claude_mpm_monitor.host import child

ROOT = Path(child.__file__).parents[2]

#: Runs its arguments as claude would be run, and then ends as `launch` lets the host end.
PARENT = """
import atexit, os, sys
from claude_mpm_monitor.host import child
ending = child.run(sys.argv[1:], os.environ)
print("parent saw", ending.exit_code, ending.signal_number, flush=True)
if ending.signal_number:
    child.die_of(ending.signal_number)
sys.exit(ending.exit_code)
"""

#: Echoes lines, tells of signals and window sizes, and stops as a program that reads keys does.
TALKER = """
import os, signal, sys, termios, tty
def told(number, frame):
    print("signal", signal.Signals(number).name, flush=True)
    if number in (signal.SIGTERM, signal.SIGHUP):
        sys.exit(100 + number)
def resized(number, frame):
    size = os.get_terminal_size(0)
    print("size", size.columns, size.lines, flush=True)
for name in ("SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR1"):
    signal.signal(getattr(signal, name), told)
signal.signal(signal.SIGWINCH, resized)
if "raw" in sys.argv:
    before = termios.tcgetattr(0)
    tty.setraw(0)
print("ready", os.getpid(), end="\\r\\n", flush=True)
while True:
    if "raw" in sys.argv:
        key = os.read(0, 1)
        if key == b"\\x1a":
            termios.tcsetattr(0, termios.TCSADRAIN, before)
            print("stopping", flush=True)
            os.kill(os.getpid(), signal.SIGSTOP)
            tty.setraw(0)
        print("key", key, end="\\r\\n", flush=True)
    else:
        line = sys.stdin.readline().strip()
        if line.startswith("exit"):
            sys.exit(int(line.split()[1]))
        print("line", line, flush=True)
"""


def words(*options: str) -> list[str]:
    talker = [sys.executable, "-c", TALKER, *options]
    return [sys.executable, "-c", PARENT, *talker]


@pytest.fixture
def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb", "PS1": "SHELL> "}


class Terminal:
    """A terminal with the child on it, below a shell unless it was started directly."""

    def __init__(self, spawned: pexpect.spawn) -> None:
        self.spawned = spawned
        self.child = 0

    def expect(self, pattern: str) -> None:
        self.spawned.expect(pattern, timeout=15)

    def wait_until_ready(self) -> None:
        self.expect(r"ready (\d+)\s")
        self.child = int(self.spawned.match.group(1))

    @property
    def parent(self) -> int:
        parent: int = psutil.Process(self.child).ppid()
        return parent


@pytest.fixture
def shell(environment: dict[str, str]) -> Iterator[Terminal]:
    """An interactive shell with nothing running in it yet."""
    spawned = pexpect.spawn(
        "bash", ["--norc", "--noediting", "-i"], env=environment, encoding="utf-8", echo=False
    )
    terminal = Terminal(spawned)
    terminal.expect("SHELL> ")
    yield terminal
    spawned.close(force=True)


@pytest.fixture
def talker(shell: Terminal) -> Terminal:
    """The child, started from a shell, reading lines."""
    shell.spawned.sendline(shlex.join(words()))
    shell.wait_until_ready()
    return shell


@pytest.fixture
def raw_talker(shell: Terminal) -> Terminal:
    """The child, started from a shell, reading keys as claude does."""
    shell.spawned.sendline(shlex.join(words("raw")))
    shell.wait_until_ready()
    return shell


def shell_status(terminal: Terminal) -> int:
    terminal.expect("SHELL> ")
    terminal.spawned.sendline("echo status=$?")
    terminal.expect(r"status=(\d+)")
    return int(terminal.spawned.match.group(1))


def run_program(program: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PARENT, sys.executable, "-c", program],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.mark.parametrize("code", [0, 1, 42, 255])
def test_the_exit_code_is_the_childs(environment: dict[str, str], code: int) -> None:
    assert run_program(f"raise SystemExit({code})", environment).returncode == code


@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGSEGV", "SIGINT"])
def test_the_parent_dies_of_the_signal_the_child_died_of(
    environment: dict[str, str], name: str
) -> None:
    number = getattr(signal, name)
    program = (
        "import os, signal\n"
        f"if signal.getsignal({number:d}) is not None and {number:d} != {signal.SIGKILL:d}:\n"
        f"    signal.signal({number:d}, signal.SIG_DFL)\n"
        f"os.kill(os.getpid(), {number:d})"
    )

    done = run_program(program, environment)

    assert done.returncode == -number
    assert done.stdout == f"parent saw {128 + number} {number:d}\n"


def test_what_cannot_be_started_raises_what_exec_raises() -> None:
    with pytest.raises(FileNotFoundError):
        child.run(["no-such-program"], os.environ)
    with pytest.raises(OSError, match="Argument list too long"):
        child.run([sys.executable, "x" * 3_000_000], os.environ)
    with pytest.raises(PermissionError):
        child.run([__file__], os.environ)


def test_the_program_is_looked_for_in_the_path_it_is_given(tmp_path: Path) -> None:
    program = tmp_path / "claude-of-the-test"
    program.write_text("#!/bin/sh\nexit 9\n")
    program.chmod(0o755)

    assert child.run([program.name], {"PATH": str(tmp_path)}) == child.Ending(9, 0)


def test_the_child_gets_what_exec_would_have_left_it(tmp_path: Path) -> None:
    look = (
        "import os, signal, sys\n"
        "fds = sorted(int(n) for n in os.listdir('/dev/fd'))\n"
        "ignored = [s for s in signal.valid_signals() if signal.getsignal(s) is signal.SIG_IGN]\n"
        "print(os.getpgrp() == os.getpgid(os.getppid()), int(sys.argv[1]) in fds, ignored,\n"
        "      signal.pthread_sigmask(signal.SIG_BLOCK, []), file=open(sys.argv[2], 'w'))\n"
    )
    inherited, ours = os.pipe(), os.pipe()
    os.set_inheritable(inherited[0], True)

    ending = child.run(
        [sys.executable, "-c", look, str(inherited[0]), str(tmp_path / "child")], os.environ
    )

    for descriptor in (*inherited, *ours):
        os.close(descriptor)
    replaced = subprocess.run(
        [
            *(sys.executable, "-c", "import os, sys; os.execv(sys.executable, sys.argv[1:])"),
            *(sys.executable, "-c", look, "0", str(tmp_path / "exec")),
        ],
        stdin=subprocess.DEVNULL,
        check=True,
    )
    assert (ending.exit_code, replaced.returncode) == (0, 0)
    assert (tmp_path / "child").read_text().split(" [")[0] == "True True"
    ignored = [(tmp_path / name).read_text().split(" [")[1] for name in ("child", "exec")]
    assert ignored[0] == ignored[1]


def test_our_signal_handlers_are_back_afterwards() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    child.run(["true"], os.environ)

    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_typed_text_and_window_sizes_reach_the_child(talker: Terminal) -> None:
    talker.spawned.sendline("hello")
    talker.expect("line hello")
    talker.spawned.setwinsize(33, 99)
    talker.expect("size 99 33")
    talker.spawned.sendline("exit 7")

    assert shell_status(talker) == 7


def test_a_typed_interrupt_reaches_the_child_once(talker: Terminal) -> None:
    talker.spawned.sendintr()
    talker.expect("signal SIGINT")
    talker.spawned.sendline("then")
    talker.expect("line then")

    assert "SIGINT" not in talker.spawned.before


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_for_us_ends_the_child_in_its_own_way(talker: Terminal, name: str) -> None:
    os.kill(talker.parent, getattr(signal, name))
    talker.expect(f"signal {name}")

    assert shell_status(talker) == 100 + getattr(signal, name)


def test_an_interrupt_from_kill_reaches_a_child_that_reads_keys(raw_talker: Terminal) -> None:
    os.kill(raw_talker.parent, signal.SIGINT)

    raw_talker.expect("signal SIGINT")


def test_ctrl_z_and_fg_below_a_shell(talker: Terminal) -> None:
    talker.spawned.sendcontrol("z")
    talker.expect("SHELL> ")
    assert child.is_stopped(talker.child)
    talker.spawned.sendline("fg")
    talker.spawned.sendline("back")
    talker.expect("line back")
    talker.spawned.sendline("exit 5")

    assert shell_status(talker) == 5


def test_ctrl_z_and_fg_of_a_child_that_reads_keys_twice(raw_talker: Terminal) -> None:
    for _ in range(2):
        raw_talker.spawned.sendcontrol("z")
        raw_talker.expect("stopping")
        raw_talker.expect("SHELL> ")
        assert child.is_stopped(raw_talker.child)
        raw_talker.spawned.sendline("fg")
        raw_talker.expect("key b'\\\\x1a'")
        raw_talker.spawned.send("k")
        raw_talker.expect("key b'k'")


def test_a_lost_terminal_reaches_the_child(environment: dict[str, str]) -> None:
    spawned = pexpect.spawn(words()[0], words()[1:], env=environment, encoding="utf-8", echo=False)
    terminal = Terminal(spawned)
    terminal.wait_until_ready()
    process = psutil.Process(terminal.child)

    spawned.ptyproc.fileobj.close()

    assert not psutil.wait_procs([process], timeout=10)[1]
    os.waitpid(spawned.pid, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="a Linux facility")
def test_the_child_ends_when_its_parent_is_killed(talker: Terminal) -> None:
    process = psutil.Process(talker.child)

    os.kill(talker.parent, signal.SIGKILL)

    assert not psutil.wait_procs([process], timeout=10)[1]


def test_waiting_costs_nothing(talker: Terminal) -> None:
    process = psutil.Process(talker.parent)
    before = process.cpu_times()
    for number in range(20):
        talker.spawned.sendline(f"{number}")
        talker.expect(f"line {number}")

    after = process.cpu_times()

    assert (after.user, after.system) == (before.user, before.system)
    assert process.status() == psutil.STATUS_SLEEPING
