"""The page served to this machine alone, and the decisions taken back."""

import os
import secrets
import shutil
import sys
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer

from cleaner.errors import CleanerError

LOOPBACK_ADDRESS = "127.0.0.1"
"""The address listened on, which no other machine reaches."""

MAX_DECISIONS_BYTES = 32 << 20
"""Bytes of decisions that are taken at once: more than anybody decides in a day."""

MAX_LENGTH_DIGITS = 12
"""Digits of a Content-Length that are read; a number with more is too large in any case."""

TOKEN_BYTES = 24
"""Bytes of chance in the secret address, so that no other program of this machine can guess it."""

_SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer: no other page may frame the review, read it, or learn its address."""


class ReviewServer(ThreadingTCPServer):
    """One page at one secret address; what is posted to `decisions` below it goes to `take`.

    `take` gets the bytes of the decisions; it returns what it did as text, and whether the page is another now, and
    raises `CleanerError` for decisions that it refuses.  No path of a request ever becomes a path of a file.  With port
    0 a free one is chosen.  Raises `CleanerError` where the port is taken.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, page: Path, take: Callable[[bytes], tuple[str, bool]], port: int = 0) -> None:
        self.page = page
        self.take = take
        self.token = secrets.token_urlsafe(TOKEN_BYTES)
        try:
            super().__init__((LOOPBACK_ADDRESS, port), _ReviewHandler)
        except (OSError, OverflowError) as error:
            raise CleanerError(f"port {port}: cannot be listened on: {error}; choose another --port") from error

    @property
    def port(self) -> int:
        """The port listened on."""
        return int(self.server_address[1])

    @property
    def address(self) -> str:
        """Where people find the page."""
        return f"http://{LOOPBACK_ADDRESS}:{self.port}/{self.token}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """Print the error of a request, unless the browser only hung up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _ReviewHandler(BaseHTTPRequestHandler):
    """One request.  A client that is silent for `timeout` seconds is hung up on."""

    server: ReviewServer
    timeout = 30

    def do_GET(self) -> None:
        """Answer with the page."""
        if not self._is_ours(needs_origin=False):
            return self._send_answer(HTTPStatus.FORBIDDEN, "this page is for this machine alone\n")
        if not self._is_asking_for(""):
            return self._send_answer(HTTPStatus.NOT_FOUND, "there is nothing here\n")
        with open(self.server.page, "rb") as page:
            self._send_headers(HTTPStatus.OK, "text/html; charset=utf-8", os.fstat(page.fileno()).st_size)
            shutil.copyfileobj(page, self.wfile)

    def do_POST(self) -> None:
        """Take decisions: 201 where the page is another now, 200 where it is the same, 400 for what is refused."""
        if not self._is_ours(needs_origin=True):
            return self._send_answer(HTTPStatus.FORBIDDEN, "decisions are taken from this page alone\n")
        if not self._is_asking_for("decisions"):
            return self._send_answer(HTTPStatus.NOT_FOUND, "there is nothing here\n")
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            return self._send_answer(HTTPStatus.LENGTH_REQUIRED, "say how long the decisions are\n")
        if int(length[:MAX_LENGTH_DIGITS]) > MAX_DECISIONS_BYTES:
            return self._send_answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too many decisions at once\n")
        data = self.rfile.read(int(length))
        if len(data) < int(length):
            return self._send_answer(HTTPStatus.BAD_REQUEST, "the decisions came only in part; save them again\n")
        try:
            said, anew = self.server.take(data)
            return self._send_answer(HTTPStatus.CREATED if anew else HTTPStatus.OK, said)
        except CleanerError as error:
            return self._send_answer(HTTPStatus.BAD_REQUEST, f"{error}\n")

    def log_message(self, *_: object) -> None:
        """Print nothing: the address is a secret."""

    def version_string(self) -> str:
        """The header `Server`, without Python's version."""
        return "cleaner"

    def _is_ours(self, needs_origin: bool) -> bool:
        """Whether the request names this server as people reach it, and comes from its own page.

        Another Host means DNS rebinding, another Origin a page of another site.  Browsers send no Origin when they only
        open the page.
        """
        hosts = [f"{name}:{self.server.port}" for name in (LOOPBACK_ADDRESS, "localhost")]
        host = self.headers.get_all("Host", [])
        origin = self.headers.get_all("Origin", [])
        if len(host) != 1 or host[0] not in hosts:
            return False
        return origin == [f"http://{host[0]}"] or (not origin and not needs_origin)

    def _is_asking_for(self, what: str) -> bool:
        """Whether the path is this name below the secret address, compared in a time that does not depend on it."""
        return secrets.compare_digest(self.path.encode(), f"/{self.server.token}/{what}".encode())

    def _send_answer(self, status: HTTPStatus, text: str) -> None:
        """Answer with a text."""
        data = text.encode("utf-8", "replace")
        self._send_headers(status, "text/plain; charset=utf-8", len(data))
        self.wfile.write(data)

    def _send_headers(self, status: HTTPStatus, kind: str, length: int) -> None:
        """Begin an answer of this media type and number of bytes."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        for name, value in _SECURITY_HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
