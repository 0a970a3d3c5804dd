"""PEP 517 backend: setuptools with three additions.

* ``static/vendor`` is filled from npm before anything is built (see ``vendor_js``).
  Node.js is asked for as a build requirement only where the files are stale and the
  machine has no npm of its own.
* Wheels and source distributions have the page's modules joined (see ``bundle_js``).
* ``claude_mpm_monitor.pth`` goes to the *root* of the wheel, so that it lands in
  ``site-packages`` itself: that one line is how the monitor gets loaded into a
  ``claude-mpm`` process. setuptools has no way to say this, so the finished wheel is
  repacked, editable ones too.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import bundle_js
import vendor_js
from setuptools import build_meta as _setuptools
from setuptools.build_meta import (
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

Settings = Mapping[str, object] | None

ROOT = Path(__file__).resolve().parent.parent
PTH_FILE = ROOT / "claude_mpm_monitor" / "host" / "claude_mpm_monitor.pth"


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    return _setuptools.get_requires_for_build_wheel(config_settings) + _of_javascript()


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    wanted = [] if vendor_js.is_current() else vendor_js.build_requirements()
    return _setuptools.get_requires_for_build_editable(config_settings) + wanted


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    return _setuptools.get_requires_for_build_sdist(config_settings) + _of_javascript()


def _of_javascript() -> list[str]:
    is_there = vendor_js.is_current() and bundle_js.is_current()
    return [] if is_there else vendor_js.build_requirements()


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    vendor_js.refresh()
    # setuptools takes whatever an earlier build left there, files removed since included.
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)
    with bundle_js.present():
        name = _setuptools.build_wheel(wheel_directory, config_settings, metadata_directory)
    _add_to_wheel_root(Path(wheel_directory, name), PTH_FILE)
    return name


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    vendor_js.refresh()
    bundle_js.remove()
    name = _setuptools.build_editable(wheel_directory, config_settings, metadata_directory)
    _add_to_wheel_root(Path(wheel_directory, name), PTH_FILE)
    return name


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    vendor_js.refresh()
    with bundle_js.present():
        return _setuptools.build_sdist(sdist_directory, config_settings)


def _add_to_wheel_root(wheel: Path, file: Path) -> None:
    """Repack ``wheel`` with ``file`` at its root and in its RECORD."""
    content = file.read_bytes()
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    record_line = f"{file.name},sha256={digest},{len(content)}\n".encode()
    repacked = wheel.with_suffix(".repacked")
    with (
        zipfile.ZipFile(wheel) as source,
        zipfile.ZipFile(repacked, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename.endswith(".dist-info/RECORD"):
                _write_like(target, entry, file.name, content)
                data = record_line + data
            target.writestr(entry, data)
    repacked.replace(wheel)


def _write_like(target: zipfile.ZipFile, model: zipfile.ZipInfo, name: str, content: bytes) -> None:
    """Add a member with the time stamp and mode of ``model``, so that builds stay reproducible."""
    entry = zipfile.ZipInfo(name, model.date_time)
    entry.external_attr = model.external_attr
    entry.compress_type = zipfile.ZIP_DEFLATED
    target.writestr(entry, content)
