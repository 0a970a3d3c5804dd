"""The page and its files."""

from __future__ import annotations

import gzip
import secrets
from functools import lru_cache, partial
from http import HTTPStatus
from pathlib import Path

from werkzeug.http import generate_etag
from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.server.http import Route, problem
from claude_mpm_monitor.server.security import CONTENT_SECURITY_POLICY
from claude_mpm_monitor.server.services import Services
from claude_mpm_monitor.server.widgets import widget_base
from claude_mpm_monitor.static import STATIC_ROOT

#: Fixed: the machine's own table may be wrong, and a module of a wrong type does not run.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
#: The page's modules joined, and the page that loads them: in wheels (tools/bundle_js.py).
_BUNDLE = STATIC_ROOT / "bundle"
#: Smaller files are not worth the work.
_WORTH_PACKING = 1_000
#: Seconds a picture is kept without asking: Chromium asks for the page's icon whenever the address
#: changes, which is at every letter of a search.
_PICTURES, _KEPT = frozenset({".png", ".svg"}), 3_600
_PACKED = frozenset({".css", ".html", ".js", ".json", ".map", ".svg", ".webmanifest"})


class Pages:
    """Serves the dashboard, its files and those of the plugins' widgets."""

    def __init__(self, services: Services) -> None:
        self._roots = {
            widget_base(plugin, widget): widget.static_dir
            for plugin, widget, _ in services.registry.shelves.widgets.contributions()
            if widget.static_dir != STATIC_ROOT
        }

    def routes(self) -> list[Route]:
        """The routes of this part."""
        widgets: list[Route] = [
            ("GET", f"{base}<path:path>", partial(self.file, root=root))
            for base, root in self._roots.items()
        ]
        return [
            ("GET", "/", self.dashboard),
            ("GET", "/dashboard", self.dashboard),
            ("GET", "/static/<path:path>", self.own_file),
            *widgets,
        ]

    def dashboard(self, request: Request) -> Response:
        """Answer the page; its import map may run because it carries this answer's nonce."""
        nonce = secrets.token_urlsafe(16)
        joined = _BUNDLE / "index.html"
        page = (joined if joined.exists() else STATIC_ROOT / "index.html").read_text("utf-8")
        import_map = (STATIC_ROOT / "importmap.json").read_text("utf-8")
        page = page.replace("{{ import_map }}", import_map).replace("{{ nonce }}", nonce)
        response = Response(page, content_type=_TYPES[".html"])
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.format(nonce=nonce)
        response.headers["Cache-Control"] = "no-store"
        return response

    def own_file(self, request: Request, path: str) -> Response:
        """Answer one of the page's files; a module as part of the bundle, where there is one."""
        folder, _, rest = path.partition("/")
        if folder == "js":
            answer = self.file(request, rest, _BUNDLE)
            if answer.status_code != HTTPStatus.NOT_FOUND:
                return answer
        return self.file(request, path, STATIC_ROOT)

    def file(self, request: Request, path: str, root: Path) -> Response:
        """Answer one file below `root`, or 304 when the browser has it already."""
        try:
            base = root.resolve()
            target = (base / path).resolve()
            content_type = _TYPES.get(target.suffix)
            is_ours = target.is_relative_to(base) and content_type is not None
            content = target.read_bytes() if is_ours else None
        except (OSError, ValueError):
            content = None  # no such file, or a path that is none
        if content is None:
            return problem(404, "Not found", f"There is no file {path!r}.")
        response = Response(content, content_type=content_type)
        kept = f"max-age={_KEPT}" if target.suffix in _PICTURES else "no-cache"
        response.headers["Cache-Control"] = kept
        response.set_etag(generate_etag(content))
        if target.suffix in _PACKED and len(content) >= _WORTH_PACKING:
            _pack(request, response, content)
        return response.make_conditional(request)


def _pack(request: Request, response: Response, content: bytes) -> None:
    """Send the file compressed to those who understand that; each form has a tag of its own."""
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.set_data(_gzipped(content))
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(f"{generate_etag(content)}-gzip")


@lru_cache(maxsize=256)
def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=6, mtime=0)
