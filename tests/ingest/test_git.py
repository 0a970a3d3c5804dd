"""The branch of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from claude_mpm_monitor.ingest.git import current_branch


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git = tmp_path / "repo" / ".git"
    git.mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    return tmp_path / "repo"


def test_a_folder_deep_in_a_repository_has_its_branch(repository: Path) -> None:
    assert current_branch(str(repository / "src" / "deep")) == "main"


def test_a_worktree_has_a_branch_of_its_own(repository: Path, tmp_path: Path) -> None:
    private = repository / ".git" / "worktrees" / "w"
    private.mkdir(parents=True)
    (private / "HEAD").write_text("ref: refs/heads/fix/slash\n")
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / ".git").write_text(f"gitdir: {private}\n")

    assert current_branch(str(tmp_path / "w")) == "fix/slash"


def test_a_detached_head_is_shown_by_its_commit(repository: Path) -> None:
    (repository / ".git" / "HEAD").write_text("0123456789abcdef" * 2 + "01234567\n")

    assert current_branch(str(repository)) == "0123456789ab"


@pytest.mark.parametrize("head", ["", "ref: refs/remotes/x", "nonsense"])
def test_another_kind_of_head_is_no_branch(repository: Path, head: str) -> None:
    (repository / ".git" / "HEAD").write_text(head)

    assert current_branch(str(repository)) == ""


@pytest.mark.parametrize("folder", ["", "relative", "/nowhere/at/all", "/a\0b", "/" + "x" * 5_000])
def test_a_folder_that_is_none_has_no_branch(folder: str) -> None:
    assert current_branch(folder) == ""


def test_a_head_that_is_no_text_is_no_branch(repository: Path) -> None:
    (repository / ".git" / "HEAD").write_bytes(b"\xff\xfe")

    assert current_branch(str(repository)) == ""
