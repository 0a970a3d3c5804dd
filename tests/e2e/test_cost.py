"""The tab "Cost" shows the server's figures, what they rest on, and follows what is imported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.ingest.importer import import_transcripts

from .conftest import OpenPage

Json = dict[str, Any]
SESSION = "4b4e5f0a-6a0c-4a53-9b8d-0f4c7a3f2b11"
