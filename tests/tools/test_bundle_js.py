"""The page's modules, joined for a wheel."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).resolve().parent.parent.parent / "tools"
PAGE = """<head>
    <link rel="modulepreload" href="/static/vendor/lit/index.js">
    <link rel="modulepreload" href="/static/js/core/api.js">
    <link rel="modulepreload" href="/static/js/widgets/tools.js">
    <script type="module" src="/static/js/app.js"></script>
</head>
"""


@pytest.fixture
def bundle_js(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(TOOLS))
    import bundle_js

    yield bundle_js
    for name in ("bundle_js", "vendor_js"):
        sys.modules.pop(name)


def test_the_page_loads_what_its_first_modules_were_joined_to(bundle_js: ModuleType) -> None:
    base = "static/bundle"
    outputs = {
        f"{base}/app.js": {"imports": [{"path": f"{base}/chunks/A.js"}, {"path": "lit"}]},
        f"{base}/chunks/A.js": {"imports": [{"path": f"{base}/chunks/B.js"}]},
        f"{base}/chunks/B.js": {"imports": []},
        f"{base}/chunks/C.js": {"imports": []},
        f"{base}/widgets/tools.js": {"imports": [{"path": f"{base}/chunks/A.js"}]},
        f"{base}/widgets/board.js": {"imports": [{"path": f"{base}/chunks/C.js"}]},
    }

    page = bundle_js._page(PAGE, outputs)

    assert page == PAGE.replace(
        '    <link rel="modulepreload" href="/static/js/core/api.js">\n',
        '    <link rel="modulepreload" href="/static/js/chunks/A.js">\n'
        '    <link rel="modulepreload" href="/static/js/chunks/B.js">\n',
    )


def test_every_widget_of_the_page_is_joined_under_its_own_address(bundle_js: ModuleType) -> None:
    names = {path.name for path in bundle_js._widgets()}

    assert {"tools.js", "events.js", "report.js", "timeline.js"} <= names
    assert "tools.styles.js" not in names


def test_joined_modules_are_those_of_the_present_ones(
    bundle_js: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_js, "BUNDLE", tmp_path / "bundle")
    monkeypatch.setattr(bundle_js, "STAMP", tmp_path / "bundle" / "SOURCES.json")
    assert not bundle_js.is_current()

    (tmp_path / "bundle").mkdir()
    bundle_js.STAMP.write_text(f'{{"inputs": "{bundle_js._inputs_digest()}"}}')
    assert bundle_js.is_current()
    with bundle_js.present():
        pass
    assert bundle_js.STAMP.exists(), "a source distribution keeps its own"

    bundle_js.STAMP.write_text('{"inputs": "of other modules"}')
    assert not bundle_js.is_current()
    bundle_js.remove()
    assert not (tmp_path / "bundle").exists()


def test_a_machine_without_esbuild_is_told_so(
    bundle_js: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_js, "BUNDLE", tmp_path / "bundle")
    with pytest.raises(RuntimeError, match="no esbuild for this machine"):
        bundle_js._make(tmp_path / "node_modules")
