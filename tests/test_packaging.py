"""What is declared is what the tree holds, and what the tree holds may be published."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import claude_mpm_monitor

ROOT = Path(__file__).resolve().parent.parent

#: Where package managers fetch from is the business of whoever runs them.
REGISTRY_HOSTS = re.compile(
    r"(registry\.npm" r"js|pypi\.or" r"g|pythonhoste" r"d|deb\.debia" r"n|npmmirro" r"r)"
)


def setup_cfg() -> configparser.ConfigParser:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    return config


def tracked_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_every_package_is_listed_in_setup_cfg() -> None:
    listed = set(setup_cfg()["options"]["packages"].split())
    found = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in (ROOT / "claude_mpm_monitor").rglob("__init__.py")
    }

    assert listed == found | {"claude_mpm_monitor.hookspecs", "claude_mpm_monitor.static"}


def test_every_folder_with_modules_is_a_package() -> None:
    bare = {
        path.parent.relative_to(ROOT).as_posix()
        for path in (ROOT / "claude_mpm_monitor").rglob("*.py")
        if not (path.parent / "__init__.py").exists()
    }

    assert not bare


def test_the_installed_version_is_the_one_the_package_states() -> None:
    assert version("claude-mpm-monitor") == claude_mpm_monitor.__version__


def test_the_changelog_has_the_version() -> None:
    headings = re.findall(r"^## \[?([^\]\s]+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert claude_mpm_monitor.__version__ in headings


def test_importing_the_package_imports_nothing_heavy() -> None:
    script = (
        "import sys; before = set(sys.modules); import claude_mpm_monitor;"
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}))"
    )
    result = subprocess.run(
        [sys.executable, "-S", "-c", script],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(claude_mpm_monitor.__file__).parents[1])},
    )

    assert set(result.stdout.split()) <= {"claude_mpm_monitor", *sys.stdlib_module_names}


def test_the_lock_file_pins_hashes_and_names_no_host() -> None:
    lock = (ROOT / "package-lock.json").read_text()

    assert '"integrity"' in lock
    assert '"resolved"' not in lock
    assert "://" not in lock


def test_no_file_names_a_package_registry() -> None:
    named = {
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if REGISTRY_HOSTS.search(path.read_text(errors="ignore"))
    }

    assert not named


def test_no_fetched_or_built_file_is_committed() -> None:
    wrong = {
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if {"vendor", "node_modules", "__pycache__"} & set(path.relative_to(ROOT).parts)
    }

    assert not wrong
