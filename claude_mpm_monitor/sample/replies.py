"""Tool inputs and responses in the shapes Claude Code gives them."""

from __future__ import annotations

from difflib import unified_diff
from typing import Any

Json = dict[str, Any]


def bash(command: str, description: str) -> Json:
    """Input of a Bash call."""
    return {"command": command, "description": description}


def output(stdout: str, stderr: str = "") -> Json:
    """Response of a Bash call."""
    return {"stdout": stdout, "stderr": stderr, "interrupted": False, "isImage": False}


def content(path: str, text: str) -> Json:
    """Response of a Read call."""
    count = text.count("\n") + 1
    file = {"filePath": path, "content": text, "numLines": count, "startLine": 1}
    return {"type": "text", "file": {**file, "totalLines": count}}


def found(*names: str) -> Json:
    """Response of a Grep or Glob call."""
    return {"mode": "files_with_matches", "filenames": list(names), "numFiles": len(names)}


def created(path: str, text: str) -> Json:
    """Response of a Write call for a new file."""
    return {
        "type": "create",
        "filePath": path,
        "content": text,
        "structuredPatch": [],
        "originalFile": None,
    }


def edit(path: str, old: str, new: str) -> Json:
    """Input of an Edit call."""
    return {"file_path": path, "old_string": old, "new_string": new, "replace_all": False}


def edited(path: str, before: str, old: str, new: str) -> Json:
    """Response of an Edit call on a file that contained `before`."""
    after = before.replace(old, new, 1)
    lines = [
        line
        for line in unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
        if not line.startswith(("---", "+++", "@@"))
    ]
    first = max(before[: before.index(old)].count("\n") - 2, 1)
    patch = {
        "oldStart": first,
        "oldLines": sum(not line.startswith("+") for line in lines),
        "newStart": first,
        "newLines": sum(not line.startswith("-") for line in lines),
        "lines": lines,
    }
    return {
        "filePath": path,
        "oldString": old,
        "newString": new,
        "originalFile": before,
        "structuredPatch": [patch],
        "userModified": False,
        "replaceAll": False,
    }
