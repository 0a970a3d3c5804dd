"""The branch checked out in a folder, read from git's own files: no process is started."""

from __future__ import annotations

from pathlib import Path

_REF = "ref: refs/heads/"
#: How far up the repository's root is looked for.
_LEVELS = 20


def current_branch(folder: str) -> str:
    """Return the branch's name, the first digits of a detached commit, or "" without git.

    Source of the format: gitrepository-layout(5), HEAD and gitfile.
    """
    if not folder.startswith("/"):
        return ""
    place = Path(folder)
    for directory in [place, *place.parents][:_LEVELS]:
        try:
            head = _head_of(directory / ".git")
        except (OSError, ValueError):
            continue  # nothing there, or a path or text that is none
        return _name(head)
    return ""


def _head_of(git: Path) -> str:
    """Return the content of HEAD; `git` is a folder, or in a worktree a file that names one."""
    if git.is_file():
        pointer = git.read_text().removeprefix("gitdir:").strip()
        git = git.parent / pointer
    return (git / "HEAD").read_text().strip()


def _name(head: str) -> str:
    if head.startswith(_REF):
        return head.removeprefix(_REF)
    is_commit = len(head) in (40, 64) and all(digit in "0123456789abcdef" for digit in head)
    return head[:12] if is_commit else ""
