"""The dashboard that claude-mpm brings along, served out of the installed package at /mpm.

Its router knows one page, at the root it was built for; its client dials port 8765 wherever it was
loaded from; and it keeps events in the browser, to show them beside the same ones out of our
history. All three are put right in what is sent; the files themselves stay as they are.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.server.http import Route, problem

PREFIX = "/mpm"
_BUILD = Path("dashboard", "static", "svelte-build")
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_FORGET = b"""<head>
<script>
for (const key of Object.keys(localStorage)) {
  if (key.startsWith("claude-mpm-events-")) localStorage.removeItem(key);
}
</script>"""
_MISSING = "claude-mpm is not installed beside the monitor, or brings no dashboard along."


class BundledPage:
    """Serves the host's page. Green threads of the gateway only."""

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [
            ("GET", PREFIX, self.page),
            ("GET", f"{PREFIX}/", self.page),
            ("GET", f"{PREFIX}/<path:path>", self.file),
        ]

    def page(self, request: Request) -> Response:
        """Answer the page, moved below our prefix."""
        return self.file(request, "index.html")

    def file(self, request: Request, path: str) -> Response:
        """Answer one file of the host's build."""
        build = find_build()
        if build is None:
            return problem(404, "Not found", _MISSING)
        target = (build / path).resolve()
        content_type = _TYPES.get(target.suffix)
        if not target.is_relative_to(build) or not target.is_file() or content_type is None:
            return problem(404, "Not found", f"There is no file {path!r}.")
        response = Response(_moved(target.read_bytes(), target.suffix), content_type=content_type)
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        return response.make_conditional(request)


@cache
def find_build() -> Path | None:
    """Return the folder of the host's built page, None when there is none. Imports nothing."""
    spec = importlib.util.find_spec("claude_mpm")
    for place in spec.submodule_search_locations or () if spec is not None else ():
        build = (Path(place) / _BUILD).resolve()
        if (build / "index.html").is_file():
            return build
    return None


def _moved(content: bytes, suffix: str) -> bytes:
    if suffix == ".html":
        content = content.replace(b"<head>", _FORGET, 1)
        content = content.replace(b'base: ""', f'base: "{PREFIX}"'.encode())
        content = content.replace(b'"/_app/', f'"{PREFIX}/_app/'.encode())
        return content.replace(b'"/favicon', f'"{PREFIX}/favicon'.encode())
    if suffix == ".js":
        return content.replace(b'"http://localhost:8765"', b"location.origin")
    return content
