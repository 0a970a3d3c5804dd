"""/api/v1/analysis: reports, asked about some sessions, and the answers that were kept."""

from __future__ import annotations

import time

import msgspec
from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.analysis.results import KIND, TOPIC
from claude_mpm_monitor.errors import PluginError
from claude_mpm_monitor.ingest.api import Given
from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.model.report import Question, Report, Section, as_json
from claude_mpm_monitor.plugins.shelf import Contribution
from claude_mpm_monitor.reporting.question import StoredQuestion
from claude_mpm_monitor.server.http import Route, json_response, problem
from claude_mpm_monitor.server.plugin_calls import call_plugin
from claude_mpm_monitor.server.services import Services

#: How long a report may take (seconds), and how large it may be (bytes of JSON, sections).
REPORT_SECONDS = 30.0
MAX_BYTES, MAX_SECTIONS = 2_000_000, 50


class AnalysisApi:
    """Runs reports. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [
            ("GET", "/api/v1/analysis", self.reports),
            ("GET", "/api/v1/analysis/<name>", self.answer),
            ("POST", "/api/v1/analysis/<name>", self.keep),
            ("GET", "/api/v1/analysis/<name>/results", self.results),
        ]

    def reports(self, request: Request) -> Response:
        """Answer which reports there are."""
        return json_response(
            {
                "reports": [
                    {"name": one.item.name, "title": one.item.title, "plugin": one.plugin}
                    for one in self._services.registry.shelves.reports.working()
                ]
            }
        )

    def answer(self, request: Request, name: str) -> Response:
        """Answer a report about what is asked."""
        found = self._services.registry.shelves.reports.find(name)
        return _unknown(name) if found is None else json_response(self._run(found, request))

    def keep(self, request: Request, name: str) -> Response:
        """Answer a report and keep it, as an event and as the latest answer to this question."""
        found = self._services.registry.shelves.reports.find(name)
        if found is None:
            return _unknown(name)
        told = self._run(found, request)
        given = Given(kind=KIND, payload=told, summary=told["title"], at=told["at"])
        body = msgspec.json.encode(given)
        outcome = self._services.submit(
            Raw(dialect="api", body=body, at=told["at"], source="monitor")
        )
        if outcome is None or outcome.error:
            why = " in time" if outcome is None else f": {outcome.error}"
            return problem(503, "Not kept", f"The report could not be stored{why}.")
        return json_response(told, 201)

    def results(self, request: Request, name: str) -> Response:
        """Answer the latest kept answer to each question this report was asked."""
        query = self._services.query
        found = self._services.offload(lambda: query.documents(TOPIC, matching={"name": name}))
        return json_response({"results": [document.value for document in found]})

    def _run(self, found: Contribution[Report], request: Request) -> Json:
        asked = {name: request.args.get(name, "") for name in ("q", "session", "project")}
        now = time.time_ns() // 1_000
        question = StoredQuestion(
            self._services.query,
            text=asked["q"],
            session_id=asked["session"],
            project=asked["project"],
            now=now,
        )
        report, what = found.item, f"report {found.item.name}"
        result = call_plugin(
            self._services, found, what, REPORT_SECONDS, _sections, report, question
        )
        return {
            "name": report.name,
            "title": report.title,
            "plugin": found.plugin,
            "question": asked,
            "at": now,
            "sections": result,
        }


def _sections(report: Report, question: Question) -> list[Json]:
    """Return the report's sections as JSON. The plugin's thread."""
    found: list[Json] = []
    for section in report.run(question):
        if not isinstance(section, Section):
            raise PluginError(f"report {report.name} returned {section!r}, which is no section")
        try:
            found.append(as_json(section))
        except (msgspec.ValidationError, TypeError) as error:
            raise PluginError(f"report {report.name}, {section.title!r}: {error}") from error
        if len(found) > MAX_SECTIONS:
            raise PluginError(f"report {report.name} has more than {MAX_SECTIONS} sections")
    if len(msgspec.json.encode(found)) > MAX_BYTES:
        raise PluginError(f"report {report.name} is larger than {MAX_BYTES:,} bytes")
    return found


def _unknown(name: str) -> Response:
    return problem(404, "Not found", f"There is no report {name!r}.")
