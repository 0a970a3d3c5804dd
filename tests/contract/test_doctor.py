"""Whatever the doctor may say is explained in the guide, and nothing else is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHECKS = ROOT / "claude_mpm_monitor" / "cli" / "doctor"


def text_of(node: ast.expr) -> str:
    """The text of a literal, with … for what is filled in; "" of anything else."""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else "…" for part in node.values
        )
    return str(node.value) if isinstance(node, ast.Constant) else ""


def findings() -> set[tuple[str, str]]:
    """What is checked and what is said, of every finding that is not simply well."""
    return {
        (text_of(node.args[0]), text_of(node.args[2]))
        for path in CHECKS.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Finding"
        and text_of(node.args[1]) != "ok"
        and text_of(node.args[2])
    }


def test_every_message_of_the_doctor_is_in_the_guide_and_the_other_way_round() -> None:
    guide = (ROOT / "docs" / "troubleshooting.md").read_text()
    table = guide.split("## What the doctor says")[1]
    rows = set(re.findall(r"^\| (\S.*?) \| (.*?) \| .* \|$", table, re.MULTILINE))

    assert rows - {("about", "it says")} == findings()
