"""Receivers: servers on this machine that keep what a sink or an exporter sends them."""

from __future__ import annotations

import json
import queue
import socketserver
import threading
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")
WAIT_SECONDS = 10.0


class HttpRequest(NamedTuple):
    """What a client sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


class _Receiver(Generic[T]):
    """A server on a thread of its own, as long as the `with` block runs."""

    def __init__(self, server: socketserver.TCPServer) -> None:
        self.received: queue.Queue[T] = queue.Queue()
        self._server = server
        self.port: int = server.server_address[1]
        self._thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Any:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(WAIT_SECONDS)

    def next(self, seconds: float = WAIT_SECONDS) -> T:
        """Return the oldest thing nobody has asked for, as soon as there is one.

        Raises AssertionError when nothing comes for `seconds`.
        """
        try:
            return self.received.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"nothing came for {seconds} s") from None


class HttpReceiver(_Receiver[HttpRequest]):
    """Answers every request with `status` and no words, and keeps it."""

    def __init__(self, status: int = 200) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.received.put(HttpRequest(self.command, self.path, headers, body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def log_message(self, *said: Any) -> None:
                pass  # the test looks at what came

        super().__init__(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        self.url = f"http://127.0.0.1:{self.port}"


class Mail(NamedTuple):
    """A mail as it was handed over."""

    sender: str
    recipients: list[str]
    message: Message


class SmtpReceiver(_Receiver[Mail]):
    """Takes every mail and keeps it. Speaks as much SMTP as `smtplib` needs, without TLS."""

    def __init__(self) -> None:
        receiver = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.say("220 receiver")
                sender, recipients = "", list[str]()
                while line := self.rfile.readline():
                    word, _, rest = line.decode().strip().partition(" ")
                    if word.upper() == "MAIL":
                        sender, recipients = _address(rest), []
                    elif word.upper() == "RCPT":
                        recipients.append(_address(rest))
                    elif word.upper() == "DATA":
                        self.say("354 go on")
                        message = message_from_bytes(self.content(), policy=default)
                        receiver.received.put(Mail(sender, recipients, message))
                    elif word.upper() == "QUIT":
                        self.say("221 bye")
                        return
                    self.say("250 ok")

            def content(self) -> bytes:
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
                return b"".join(lines)

            def say(self, line: str) -> None:
                self.wfile.write(f"{line}\r\n".encode())

        super().__init__(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler))


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]
