"""The real Claude Code CLI, offline: it talks to a stub of the Messages API on this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

KEY = "dummy-key-for-loopback-stub"
TOOLS = "Agent,Bash,Edit,Read,Write,Grep,Glob,NotebookEdit,Skill,TaskCreate,TaskUpdate"
FILES = {
    "notes.txt": "alpha\nTODO: write greet.py\nomega\n",
    "main.py": "print('main')\n",
    "pkg/mod.py": "X = 1\n",
    ".claude/agents/reviewer.md": "---\nname: reviewer\ndescription: reviews code\n"
    "tools: Bash, Read\nmodel: sonnet\n---\nYou review.\n",
}


class ClaudeCode:
    """One installed CLI with a home, a project and an API of its own."""

    def __init__(self, rig: Path, folder: Path, api_port: int, version: str = "") -> None:
        self._bin = bin_folder(rig, version)
        self._api_port = api_port
        self.folder = folder
        self.project = folder / "project"
        self.config = folder / "home" / ".claude"
        self.config.mkdir(parents=True)
        for name, text in FILES.items():
            path = self.project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        git = [
            "git",
            "-C",
            str(self.project),
            "-c",
            "user.name=rig",
            "-c",
            "user.email=r@localhost",
        ]
        for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "init"]):
            subprocess.run([*git, *words], check=True)
        self._trust()

    @property
    def projects(self) -> Path:
        """Where the transcripts are."""
        return self.config / "projects"

    def environment(self, **more: str) -> dict[str, str]:
        """What the CLI is started with: nothing of this machine's user."""
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        return {
            "PATH": f"{self._bin}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder / "home"),
            "CLAUDE_CONFIG_DIR": str(self.config),
            "TMPDIR": str(temporary),
            "CLAUDE_CODE_TMPDIR": str(temporary),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "SHELL": "/bin/bash",
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{self._api_port}/api/{self.folder.name}",
            "ANTHROPIC_API_KEY": KEY,
            "DISABLE_AUTOUPDATER": "1",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "IS_SANDBOX": "1",
            "ENABLE_TOOL_SEARCH": "0",
            "NO_PROXY": "127.0.0.1,localhost",
            **more,
        }

    def start(
        self, script: str, settings: Path, *options: str, **environment: str
    ) -> subprocess.Popen[bytes]:
        """Begin a session in which the stub plays `script`."""
        prompt = f"Go on. [[script:{script} cwd={self.project}]]"
        command = [f"{self._bin}/claude", "-p", prompt, "--settings", str(settings)]
        command += options or ["--permission-mode", "bypassPermissions", "--tools", TOOLS]
        return subprocess.Popen(
            command,
            cwd=self.project,
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _trust(self) -> None:
        project: dict[str, Any] = {"hasTrustDialogAccepted": True, "allowedTools": []}
        known = {
            "hasCompletedOnboarding": True,
            "bypassPermissionsModeAccepted": True,
            "customApiKeyResponses": {"approved": [KEY[-20:]], "rejected": []},
            "projects": {str(self.project): project},
        }
        (self.config / ".claude.json").write_text(json.dumps(known))


def bin_folder(rig: Path, version: str) -> Path:
    """Where the rig has `claude`, of the version named or its newest."""
    return rig / "old" / version if version else rig / "bin"


def find_rig() -> Path | None:
    """The folder with the CLI and the stub: $MONITOR_RIG, or one beside the checkout."""
    named = os.environ.get("MONITOR_RIG")
    folders = [Path(named)] if named else [p / "rig" for p in Path(__file__).resolve().parents]
    return next((folder for folder in folders if (folder / "bin" / "claude").exists()), None)


def start_stub(rig: Path, folder: Path) -> subprocess.Popen[bytes]:
    """Start the stub of the API; it writes its port to `folder`/port."""
    for name in ("stub_anthropic.py", "scenarios.py"):
        shutil.copy(rig / name, folder)
    command = ["python3", "stub_anthropic.py", "--out", str(folder / "captured")]
    return subprocess.Popen(
        [*command, "--port-file", str(folder / "port")],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
