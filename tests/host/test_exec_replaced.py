"""Where the host would become claude, or start it, claude is run as a child of the run."""

from __future__ import annotations

import os

import pytest
from testkit.stage import Stage

from claude_mpm_monitor.host import launch


@pytest.mark.parametrize("function", ["execvpe", "execvp", "execve", "execv"])
def test_exec_of_claude_runs_it_and_leaves_with_its_exit_code(stage: Stage, function: str) -> None:
    program = "claude" if function.startswith("execvp") else str(stage.folder / "bin" / "claude")
    environment = ", dict(os.environ)" if function.endswith("e") else ""

    done = stage.python(
        f"""
        import os
        from claude_mpm_monitor.host import launch, monitored_run
        run = monitored_run.current()
        assert run.start(0)
        launch.replace_exec(run)
        try:
            os.{function}({program!r}, ["claude", "hello"]{environment})
        finally:
            print("the host's own clean-up")
        """
    )

    assert (done.returncode, done.stdout) == (7, "the host's own clean-up\n"), done.stderr
    assert stage.arguments()[-1] == "hello"


def test_exec_of_other_programs_stays_exec(stage: Stage) -> None:
    done = stage.python(
        """
        import os
        from claude_mpm_monitor.host import launch, monitored_run
        run = monitored_run.current()
        assert run.start(0)
        launch.replace_exec(run)
        os.execvp("sh", ["sh", "-c", "echo $PPID; exit 4"])
        """
    )

    assert (done.returncode, done.stdout) == (4, f"{os.getpid()}\n")


def test_a_claude_that_cannot_be_started_raises_what_exec_raises(stage: Stage) -> None:
    done = stage.python(
        """
        import os
        from claude_mpm_monitor.host import launch, monitored_run
        run = monitored_run.current()
        assert run.start(0)
        launch.replace_exec(run)
        for prompt, path in (("x" * 3_000_000, os.environ["PATH"]), ("x", "/nowhere")):
            try:
                os.execvpe("claude", ["claude", prompt], {"PATH": path})
            except OSError as error:
                print(type(error).__name__, error.errno)
        """
    )

    assert done.stdout == "OSError 7\nFileNotFoundError 2\n", done.stderr


def test_what_the_host_captures_stays_its_own(stage: Stage) -> None:
    stage.claude('echo "$# words"; echo problem >&2; exit 3')

    done = stage.python(
        """
        import subprocess
        from claude_mpm_monitor.host import launch, monitored_run
        run = monitored_run.current()
        assert run.start(0)
        watched = launch.MonitoredSubprocess(subprocess, lambda: run)
        command = ["claude", "--print", "hello"]
        result = watched.run(command, capture_output=True, text=True, check=False)
        print(result.returncode, repr(result.stdout), repr(result.stderr), command)
        print(watched.run(["echo", "other"], capture_output=True, text=True).stdout.strip())
        with watched.Popen(command, stdout=watched.DEVNULL, stderr=watched.DEVNULL) as process:
            print(process.wait())
        try:
            watched.run(["sleep", "5"], timeout=0.01)
        except watched.TimeoutExpired:
            print("too slow")
        """
    )

    assert done.stdout.splitlines() == [
        r"3 '4 words\n' 'problem\n' ['claude', '--print', 'hello']",
        "other",
        "3",
        "too slow",
    ], done.stderr


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        ("claude", True),
        ("/usr/bin/claude", True),
        ("C:\\bin\\claude.exe", True),
        ("claude.cmd", True),
        ("claude-mpm", False),
        ("node", False),
        ("", False),
    ],
)
def test_only_claude_is_claude(program: str, answer: bool) -> None:
    assert launch.is_claude(program) is answer
