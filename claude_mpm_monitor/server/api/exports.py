"""GET /api/v1/exporters and /api/v1/sessions/<session_id>/export."""

from __future__ import annotations

import tempfile
from typing import BinaryIO, cast
from urllib.parse import quote

from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import wrap_file

from claude_mpm_monitor.errors import MonitorError
from claude_mpm_monitor.model.exporter import Exporter
from claude_mpm_monitor.reporting.recording import StoredRecording
from claude_mpm_monitor.server.http import BadParameter, Route, json_response, problem
from claude_mpm_monitor.server.plugin_calls import call_plugin
from claude_mpm_monitor.server.services import Services

#: A larger export waits in a file while its client reads it.
IN_MEMORY = 4 * 1024 * 1024
#: How long an exporter may take (seconds).
EXPORT_SECONDS = 120.0


class ExportsApi:
    """Sessions in other formats. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [
            ("GET", "/api/v1/exporters", self.exporters),
            ("GET", "/api/v1/sessions/<session_id>/export", self.export),
        ]

    def exporters(self, request: Request) -> Response:
        """Answer which formats there are."""
        return json_response(
            {
                "exporters": [
                    {"name": one.item.name, "suffix": one.item.suffix, "plugin": one.plugin}
                    for one in self._services.registry.shelves.exporters.working()
                ]
            }
        )

    def export(self, request: Request, session_id: str) -> Response:
        """Answer a session as a file."""
        wanted = request.args.get("format", "jsonl")
        exporters = self._services.registry.shelves.exporters
        found = exporters.find(wanted)
        if found is None:
            names = ", ".join(exporter.name for exporter in exporters)
            raise BadParameter(f"format must be one of {names}, not {wanted!r}")
        try:
            recording = self._services.offload(self._recording, session_id)
        except MonitorError as error:
            return problem(404, "Not found", f"{error}")
        what = f"exporting {session_id}"
        file: BinaryIO = call_plugin(
            self._services, found, what, EXPORT_SECONDS, _written, found.item, recording
        )
        name = quote(f"{session_id}{found.item.suffix}", safe="")
        answer = Response(wrap_file(request.environ, file), content_type=found.item.media_type)
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _recording(self, session_id: str) -> StoredRecording:
        return StoredRecording(self._services.query, session_id, self._services.registry.redact)


def _written(exporter: Exporter, recording: StoredRecording) -> BinaryIO:
    """Return the export from its beginning. The plugin's thread."""
    file = cast("BinaryIO", tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115  sent
    try:
        exporter.export(recording, file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file
