"""HTTP as a client of ours speaks it, and bytes as no client of ours would send them."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any

JSON = {"Content-Type": "application/json"}
SECONDS = 10.0


class Answer:
    """Status, headers and body of one response."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def request(
    port: int,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """Send one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request(method, path, body, headers or {})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def get(port: int, path: str, **headers: str) -> Answer:
    """GET with headers; underscores in their names stand for hyphens."""
    return request(port, "GET", path, None, _headers(headers))


def post(port: int, path: str, value: Any, **headers: str) -> Answer:
    """POST a value as JSON, or bytes as they are."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return request(port, "POST", path, content, {**JSON, **_headers(headers)})


def exchange(port: int, data: bytes, *, finish: bool = True) -> bytes:
    """Send bytes, say that there are no more if `finish`, and return all that comes back."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        try:
            connection.sendall(data)
            if finish:
                connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65_536):
                answer += part
        except TimeoutError:
            raise
        except OSError:
            pass  # hung up on before everything was said
    return answer


def _headers(names: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in names.items()}
