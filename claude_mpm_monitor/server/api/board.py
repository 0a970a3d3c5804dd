"""/api/v1/board: which widgets are on the board, where, and how large."""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.model.board import Board
from claude_mpm_monitor.server.http import BadParameter, Route, json_body, json_response, problem
from claude_mpm_monitor.server.services import Services

MAX_BYTES = 2**18


class BoardApi:
    """The one board of this home. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [("GET", "/api/v1/board", self.board), ("PUT", "/api/v1/board", self.replace)]

    def board(self, request: Request) -> Response:
        """Answer the board."""
        return json_response(self._services.offload(self._services.board.read))

    def replace(self, request: Request) -> Response:
        """Store the board; 409 when another page has stored one since it was read."""
        wanted = json_body(request, Board, MAX_BYTES, "a board", "a board was expected")
        if len({tile.id for tile in wanted.tiles}) < len(wanted.tiles):
            raise BadParameter("two tiles of the board have the same id")
        try:
            stored = self._services.offload(self._services.board.replace, wanted)
        except StoreError as error:
            return problem(507, "Not stored", f"{error}")
        if stored is None:
            return problem(409, "Changed elsewhere", "Another page has changed the board.")
        return json_response(stored)
