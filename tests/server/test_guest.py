"""Loading the server changes nothing for the rest of the process: we are a guest there."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Prints every module that was replaced, and every module of a package whose attribute in that
#: package is another module now (sys.monitoring is from the beginning).
SCRIPT = """
import importlib, sys, types
for name in sys.argv[1:]:
    importlib.import_module(name)
def foreign():
    for name in sorted(sys.stdlib_module_names):
        package = sys.modules.get(name)
        for key, value in vars(package).items() if isinstance(package, types.ModuleType) else ():
            if isinstance(value, types.ModuleType) and value.__name__ == f"{name}.{key}":
                if sys.modules.get(value.__name__) is not value:
                    yield value.__name__
before, foreign_before = dict(sys.modules), set(foreign())
import claude_mpm_monitor.server.gateway
for name, module in sorted(before.items()):
    if sys.modules.get(name) is not module:
        print("replaced", name)
for name in sorted(sys.stdlib_module_names - {"sys"}):  # sys.monitoring is in no table
    package = sys.modules.get(name)
    for key, value in vars(package).items() if isinstance(package, types.ModuleType) else ():
        if isinstance(value, types.ModuleType) and value.__name__ == f"{name}.{key}":
            if sys.modules.get(value.__name__) is not value:
                print("foreign", value.__name__)
"""


@pytest.mark.parametrize(
    "loaded_before", [(), ("http.server", "http.client", "ssl", "urllib.request", "xmlrpc.client")]
)
def test_the_standard_library_stays_the_hosts_own(loaded_before: tuple[str, ...]) -> None:
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, *loaded_before],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )

    assert result.stdout == ""


def test_a_server_of_the_hosts_own_still_runs_on_threads() -> None:
    script = (
        "import claude_mpm_monitor.server.gateway, http.server, threading\n"
        "server = http.server.HTTPServer(('127.0.0.1', 0), http.server.BaseHTTPRequestHandler)\n"
        "thread = threading.Thread(target=server.serve_forever, args=(0.01,))\n"
        "thread.start(); server.shutdown(); thread.join(); print('stopped')\n"
    )

    result = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
        cwd="/",
    )

    assert result.stdout.strip() == "stopped"
