"""Schemathesis reads the description of the API, and asks all it allows and much that it does not.

`MONITOR_FUZZ=1000 pytest -m fuzz -s` is the long form.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.server.openapi import PATH

#: Requests drawn by lot for each operation and way of drawing.
EXAMPLES = int(os.environ.get("MONITOR_FUZZ", "10"))
#: The others judge how exactly a description tells what is refused: ours leaves that to answers.
CHECKS = [
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance", "unsupported_method"),
    *("allow_header_conformance", "use_after_free"),
]


@pytest.mark.fuzz
@pytest.mark.timeout(60 * EXAMPLES)
def test_every_request_is_answered_as_described(tmp_path: Path) -> None:
    schemathesis = Path(sys.executable).with_name("schemathesis")
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        monitor.emit("UserPromptSubmit", {"prompt": "hello"}, session_id="s", wait=True)
        found = subprocess.run(
            [
                *(schemathesis, "run", f"{monitor.url}{PATH}", "--no-color"),
                *("--checks", ",".join(CHECKS), "--max-examples", str(EXAMPLES)),
            ],
            cwd=tmp_path,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        alive = monitor.emit("check", wait=True)

    print(*re.findall(r".*(?:Test cases|generated).*", found.stdout), sep="\n")
    assert found.returncode == 0, found.stdout
    assert alive is not None
    assert alive.stored == 1
