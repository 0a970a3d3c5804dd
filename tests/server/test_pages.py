"""The page and its files."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from claude_mpm_monitor.static import STATIC_ROOT
from testkit.wire import exchange, get, request

from claude_mpm_monitor import WidgetSpec, hookimpl
from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.server import pages


@pytest.mark.parametrize("path", ["/", "/dashboard"])
def test_the_page_may_run_its_own_scripts_only(running: Monitor, path: str) -> None:
    one, other = get(running.port, path), get(running.port, path)

    policy = one.headers["Content-Security-Policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert len(nonce) > 15
    assert f'nonce="{nonce}"' in one.body.decode()
    assert "unsafe" not in policy
    assert policy != other.headers["Content-Security-Policy"]
    assert one.headers["Cache-Control"] == "no-store"
    assert one.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_sent_once_and_then_only_confirmed(running: Monitor) -> None:
    first = get(running.port, "/static/js/app.js")
    assert first.status == 200
    assert first.headers["Content-Type"] == "text/javascript; charset=utf-8"

    again = get(running.port, "/static/js/app.js", If_None_Match=first.headers["ETag"])

    assert (again.status, again.body) == (304, b"")


def test_files_are_compressed_for_those_who_understand_it(running: Monitor) -> None:
    plain = get(running.port, "/static/js/app.js")
    packed = get(running.port, "/static/js/app.js", Accept_Encoding="br, gzip")

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    tag = packed.headers["ETag"]
    again = get(running.port, "/static/js/app.js", Accept_Encoding="gzip", If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")


def test_the_page_can_be_installed(running: Monitor) -> None:
    answer = get(running.port, "/static/manifest.webmanifest")

    assert answer.headers["Content-Type"] == "application/manifest+json"
    manifest = json.loads(answer.body)
    for path in (manifest["start_url"], *(icon["src"] for icon in manifest["icons"])):
        assert get(running.port, path).status == 200
    assert b'rel="manifest" href="/static/manifest.webmanifest"' in get(running.port, "/").body


def test_what_the_page_loads_first_is_there(running: Monitor) -> None:
    """Whether its modules are joined, as in a wheel, or as they were written, as in a checkout."""
    page = get(running.port, "/").body.decode()
    addresses = re.findall(r'(?:rel="modulepreload" href|type="module" src)="([^"]+)"', page)
    joined = (STATIC_ROOT / "bundle" / "index.html").exists()

    assert "/static/js/app.js" in addresses
    assert len(addresses) < 60 if joined else len(addresses) > 100
    for address in addresses:
        assert get(running.port, address).status == 200, address


def test_joined_modules_stand_for_those_they_were_made_of(
    running: Monitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "index.html").write_text("the joined page {{ nonce }}")
    (tmp_path / "app.js").write_text("joined()")
    monkeypatch.setattr(pages, "_BUNDLE", tmp_path)

    assert get(running.port, "/").body.startswith(b"the joined page ")
    assert get(running.port, "/static/js/app.js").body == b"joined()"
    as_written = get(running.port, "/static/js/core/keymap.js").body
    assert as_written == (STATIC_ROOT / "js" / "core" / "keymap.js").read_bytes()
    assert get(running.port, "/static/css/tokens.css").status == 200
    assert get(running.port, "/static/js/none.js").status == 404


def test_a_head_has_no_body(running: Monitor) -> None:
    answer = request(running.port, "HEAD", "/static/js/app.js")

    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../__init__.py",
        "/static/..%2f__init__.py",
        "/static/%2e%2e/%2e%2e/setup.cfg",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/js/../../monitor.py",
        "/static/..\\..\\setup.cfg",
        "/static/%00",
        "/static/js/app.js%00.html",
        "/static/" + "x" * 5_000 + ".js",
        "/static/js",
        "/static/js/",
        "/static/__init__.py",
        "/static/",
        "/static/%ff.js",
    ],
)
def test_nothing_else_is_served(running: Monitor, path: str) -> None:
    raw = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()

    status = exchange(running.port, raw).split(b" ", 2)[1]

    assert status in (b"404", b"414")


@pytest.fixture
def widgets(tmp_path: Path) -> Path:
    folder = tmp_path / "widgets"
    folder.mkdir()
    (folder / "mine.js").write_text("export default class {}")
    (folder / "secret.txt").write_text("secret")
    (tmp_path / "outside.js").write_text("secret")
    (folder / "link.js").symlink_to(tmp_path / "outside.js")
    return folder


def test_a_plugins_widget_is_served_and_nothing_beside_its_folder(
    tmp_path: Path, widgets: Path
) -> None:
    class Plugin:
        @hookimpl
        def monitor_register_widgets(self) -> list[WidgetSpec]:
            return [WidgetSpec(id="my.one", title="T", module="mine.js", static_dir=widgets)]

    with Monitor(home=tmp_path / "home", port=0, plugins=[Plugin()]) as monitor:
        listed = get(monitor.port, "/api/v1/widgets").json["widgets"]
        module = next(widget["module"] for widget in listed if widget["id"] == "my.one")
        base = module.removesuffix("mine.js")

        assert get(monitor.port, module).status == 200
        for name in ("secret.txt", "link.js", "../outside.js", "%2e%2e/outside.js", "missing.js"):
            assert get(monitor.port, base + name).status == 404
