"""The parts of the REST interface."""

from __future__ import annotations

from claude_mpm_monitor.server.api.about import AboutApi
from claude_mpm_monitor.server.api.analysis import AnalysisApi
from claude_mpm_monitor.server.api.board import BoardApi
from claude_mpm_monitor.server.api.costs import CostsApi
from claude_mpm_monitor.server.api.documents import DocumentsApi
from claude_mpm_monitor.server.api.events import EventsApi
from claude_mpm_monitor.server.api.exports import ExportsApi
from claude_mpm_monitor.server.api.kept import KeptApi
from claude_mpm_monitor.server.api.lookup import LookupApi
from claude_mpm_monitor.server.api.metrics import MetricsApi
from claude_mpm_monitor.server.api.plugins import PluginsApi
from claude_mpm_monitor.server.api.saved_searches import SavedSearchesApi
from claude_mpm_monitor.server.api.search import SearchApi
from claude_mpm_monitor.server.api.timeline import TimelineApi

#: Each takes the services and has `routes()`.
PARTS = (
    AboutApi,
    EventsApi,
    DocumentsApi,
    CostsApi,
    TimelineApi,
    ExportsApi,
    AnalysisApi,
    PluginsApi,
    MetricsApi,
    KeptApi,
    BoardApi,
    LookupApi,
    SearchApi,
    SavedSearchesApi,
)
