"""The routes the host's clients ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from claude_mpm_monitor.server.host_contract.bundled import find_build

from .conftest import Get, Post

PAGE = """<head><link href="/favicon.svg"><link href="/_app/entry.js"></head>
<script>__sveltekit = { base: "" }; import("/_app/entry.js")</script>"""


def test_version_3_finds_a_healthy_server(get: Get) -> None:
    status, body = get("/status")

    assert (status, body["status"]) == (200, "healthy")


def test_the_dashboard_learns_version_and_place(get: Get) -> None:
    assert get("/version.json")[1]["service"] == "unified-monitor"
    assert get("/api/working-directory")[1] == {
        "working_directory": str(Path.cwd()),
        "success": True,
    }
    assert get("/api/config")[1]["workingDirectory"] == str(Path.cwd())


@pytest.mark.parametrize(
    "path",
    [
        "/api/file/read?path=/etc/hostname",
        "/api/files?path=/etc",
        "/api/file/diff?path=/etc/hostname",
        "/api/config/skill-links/",
    ],
)
def test_files_and_settings_are_refused_in_the_hosts_shape(get: Get, path: str) -> None:
    status, body = get(path)

    assert (status, body["success"]) == (404, False)
    assert body["error"].endswith(".")
    assert "content" not in body


@pytest.mark.parametrize("path", ["/api/file", "/api/git-history"])
def test_posting_a_path_gets_no_file_either(post: Post, path: str) -> None:
    assert post({"path": "/etc/hostname"}, path) == 404


@pytest.fixture
def host_with_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A claude-mpm that can be found, with a built page; returns the page's folder."""
    build = tmp_path / "site" / "claude_mpm" / "dashboard" / "static" / "svelte-build"
    (build / "_app").mkdir(parents=True)
    (tmp_path / "site" / "claude_mpm" / "__init__.py").write_text("raise RuntimeError")
    (build / "index.html").write_text(PAGE)
    (build / "_app" / "entry.js").write_text('connect("http://localhost:8765")')
    (build / "favicon.svg").write_text("<svg/>")
    (build.parent / "secret.json").write_text("{}")
    monkeypatch.syspath_prepend(tmp_path / "site")
    find_build.cache_clear()
    return build


@pytest.fixture(autouse=True)
def forget_the_build() -> None:
    find_build.cache_clear()


@pytest.mark.usefixtures("host_with_page")
def test_the_hosts_page_is_served_below_mpm_and_dials_its_own_server(get: Get) -> None:
    status, page = get("/mpm")
    _, again = get("/mpm/")
    _, script = get("/mpm/_app/entry.js")

    assert status == 200
    assert page == again
    assert 'base: "/mpm"' in page
    assert 'startsWith("claude-mpm-events-")' in page
    assert '"/mpm/_app/entry.js"' in page
    assert '"/mpm/favicon.svg"' in page
    assert script == "connect(location.origin)"


@pytest.mark.usefixtures("host_with_page")
@pytest.mark.parametrize("path", ["../secret.json", "%2e%2e/secret.json", "_app", "none.js"])
def test_only_files_of_the_page_are_served(get: Get, path: str) -> None:
    assert get(f"/mpm/{path}")[0] == 404


def test_without_claude_mpm_the_page_says_so(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])
    status, body = get("/mpm")

    assert status == 404
    assert "claude-mpm is not installed" in body["detail"]
