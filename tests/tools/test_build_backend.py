"""What goes into a wheel besides what setuptools puts there."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    pytest.importorskip("setuptools", reason="a build environment has it")
    monkeypatch.syspath_prepend(str(TOOLS))
    spec = importlib.util.spec_from_file_location("build_backend", TOOLS / "build_backend.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_file_is_added_at_the_root_and_recorded(backend: ModuleType, tmp_path: Path) -> None:
    wheel = tmp_path / "thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("thing/__init__.py", "")
        archive.writestr("thing-1.0.dist-info/RECORD", "thing/__init__.py,,\n")
    line = tmp_path / "thing.pth"
    line.write_bytes(b"import thing\n")

    backend._add_to_wheel_root(wheel, line)

    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        record = archive.read("thing-1.0.dist-info/RECORD").decode().splitlines()
        assert archive.read("thing.pth") == b"import thing\n"
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"import thing\n").digest())
    assert names == ["thing/__init__.py", "thing.pth", "thing-1.0.dist-info/RECORD"]
    assert f"thing.pth,sha256={digest.decode().rstrip('=')},13" in record
    assert "thing/__init__.py,," in record


def test_the_line_that_loads_us_is_where_the_backend_looks_for_it(backend: ModuleType) -> None:
    text = backend.PTH_FILE.read_text()

    assert text.startswith("import ")
    assert len(text.splitlines()) == 1
