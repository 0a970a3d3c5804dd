"""Fill static/bundle/ with the dashboard's modules, joined to a few files: for wheels only.

A browser takes 6 ms for a module, and the page has more than a hundred: joined, it is there in half
the time (docs/performance.md). In a checkout there is no bundle, and the browser gets the modules
as they are written; the server knows both (server/pages.py). Names stay as they are, so that a
trace of the browser can be read. What plugins import (lit, the SDK) keeps its address.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import vendor_js

ROOT = vendor_js.ROOT
STATIC = ROOT / "static"
MODULES = STATIC / "js"
BUNDLE = STATIC / "bundle"
STAMP = BUNDLE / "SOURCES.json"
#: Left to the import map, so that plugins' widgets share them with the page.
EXTERNAL = ("lit", "lit-html", "lit-element", "@lit/*", "socket.io-client", "@mpm-monitor/sdk")
_PRELOAD = re.compile(r' *<link rel="modulepreload" href="/static/js/([^"]+)">\n')


def is_current() -> bool:
    """Tell whether there is a bundle of the present modules: a source distribution has one."""
    return STAMP.is_file() and json.loads(STAMP.read_text("utf-8"))["inputs"] == _inputs_digest()


@contextmanager
def present() -> Iterator[None]:
    """Have the bundle there for a build, and leave the tree as it was."""
    if is_current():
        yield
        return
    try:
        with vendor_js.node_modules() as modules:
            _make(modules)
        yield
    finally:
        shutil.rmtree(BUNDLE, ignore_errors=True)


def remove() -> None:
    """Have none: an editable install is for who changes the modules."""
    shutil.rmtree(BUNDLE, ignore_errors=True)


def _make(node_modules: Path) -> None:
    shutil.rmtree(BUNDLE, ignore_errors=True)
    facts = node_modules.parent / "bundle.json"
    binary = next(node_modules.glob("@esbuild/*/bin/esbuild"), None)
    binary = binary or next(node_modules.glob("@esbuild/*/esbuild.exe"), None)
    if binary is None:
        raise RuntimeError(
            "npm installed no esbuild for this machine, which joins the page's modules. Build the "
            "wheel on another one: it is the same for all."
        )
    entries = [MODULES / "app.js", MODULES / "sdk.js", *_widgets()]
    options = ["--bundle", "--splitting", "--format=esm", "--target=es2022", "--charset=utf8"]
    options += ["--minify-whitespace", "--minify-syntax", "--legal-comments=none"]
    options += [f"--external:{name}" for name in EXTERNAL]
    options += [f"--external:{name}/*" for name in EXTERNAL if not name.endswith("*")]
    options += [f"--outbase={MODULES}", f"--outdir={BUNDLE}", f"--metafile={facts}"]
    options += ["--chunk-names=chunks/[hash]", "--log-level=warning"]
    subprocess.run([binary, *map(str, entries), *options], cwd=ROOT, check=True)
    outputs = json.loads(facts.read_text("utf-8"))["outputs"]
    page = _page((STATIC / "index.html").read_text("utf-8"), outputs)
    (BUNDLE / "index.html").write_text(page, "utf-8")
    STAMP.write_text(json.dumps({"inputs": _inputs_digest()}) + "\n", "utf-8")


def _widgets() -> Iterator[Path]:
    """Yield the modules of the page's own widgets; the rest are parts of them."""
    for path in sorted((MODULES / "widgets").glob("*.js")):
        if re.search(r"^export default ", path.read_text("utf-8"), re.M):
            yield path


def _page(page: str, outputs: dict[str, dict[str, list[dict[str, str]]]]) -> str:
    """Return the page that loads the bundle: what it loads first is what it loaded before."""
    base = BUNDLE.relative_to(ROOT).as_posix()
    listed = [name for name in _PRELOAD.findall(page) if f"{base}/{name}" in outputs]
    wanted, found = [f"{base}/{name}" for name in ("app.js", *listed)], set[str]()
    while wanted:
        name = wanted.pop()
        if name in outputs and name not in found:
            found.add(name)
            wanted += [one["path"] for one in outputs[name]["imports"]]
    found.discard(f"{base}/app.js")  # a script of its own
    lines = [
        f'    <link rel="modulepreload" href="/static/js/{name.removeprefix(base + "/")}">\n'
        for name in sorted(found)
    ]
    at = _PRELOAD.search(page)
    assert at is not None, "index.html says what it loads"
    return page[: at.start()] + "".join(lines) + _PRELOAD.sub("", page[at.start() :])


def _inputs_digest() -> str:
    digest = hashlib.sha256(vendor_js.inputs_digest().encode() + Path(__file__).read_bytes())
    for path in [STATIC / "index.html", *sorted(MODULES.rglob("*.js"))]:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
