"""What start.py and test.py share: a virtual environment in .venv, filled with this checkout.

Standard library only, and written so that an old Python can still read it and say what it needs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "set-up-for"
OLDEST = (3, 11)
#: What the environment is made from; when one of these changes it is filled anew.
INPUTS = (
    "setup.cfg",
    "pyproject.toml",
    "package.json",
    "package-lock.json",
    "tools/build_backend.py",
)


def fail(sentence: str) -> NoReturn:
    """Say what is missing and stop."""
    sys.exit("\n" + sentence)


def until_interrupted(main: Callable[[], None]) -> None:
    """Run `main`; Ctrl-C ends it without a traceback."""
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)


def suitable_python() -> str:
    """Return a Python that is new enough: this one, or one on PATH."""
    if sys.version_info[:2] >= OLDEST:
        return sys.executable
    for name in ("python3.13", "python3.12", "python3.11"):
        path = shutil.which(name)
        if path:
            return path
    needed = ".".join(map(str, OLDEST))
    fail(f"Python {needed} or newer is needed; this is {sys.version.split()[0]}.")


def prepare(python: str, wanted: list[str]) -> Path:
    """Return the Python of .venv, made with `python`, holding this checkout and `wanted`."""
    venv_python = VENV / "bin" / "python"
    stamp = _stamp(python, wanted)
    if venv_python.exists() and STAMP.exists() and STAMP.read_text() == stamp:
        return venv_python
    print(f"Setting up {VENV}, once; this takes half a minute ...", flush=True)
    if not _works(venv_python, python):
        _create(python)
    pip = [str(venv_python), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    if subprocess.run([*pip, *wanted], cwd=ROOT, check=False).returncode:
        fail("pip could not install what is needed; its reason stands above.")
    STAMP.write_text(stamp)
    return venv_python


def _works(venv_python: Path, python: str) -> bool:
    """Tell whether .venv is there and of the same Python version as `python`."""
    return venv_python.exists() and version_of(str(venv_python)) == version_of(python)


def _create(python: str) -> None:
    test = subprocess.run(
        [python, "-c", "import venv, ensurepip"], capture_output=True, check=False
    )
    if test.returncode:
        fail(
            "This Python cannot make virtual environments (Debian and Ubuntu ship that apart).\n"
            "Install it, then try again:  sudo apt-get install python3-venv"
        )
    if subprocess.run([python, "-m", "venv", "--clear", str(VENV)], check=False).returncode:
        fail(f"{VENV} could not be made; the reason stands above.")


def version_of(python: str) -> str:
    """Return the version of the interpreter `python`, "" when it does not start."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        result = subprocess.run(
            [python, "-c", code], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return result.stdout.strip()


def _stamp(python: str, wanted: list[str]) -> str:
    digest = hashlib.sha256("\0".join([version_of(python), *wanted]).encode())
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def run(command: list[str]) -> None:
    """Become `command`: it gets the terminal, and its exit code is ours."""
    sys.stdout.flush()
    os.execv(command[0], command)
