"""The ASGI app: bodies in within their limits, answers of the workers out.

Nothing is cleaned in this process, which must stay free to answer: each body goes to a process of the pool.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from cleaner.io import files
from cleaner.io.json import encode_json
from cleaner.pipeline.settings import prepare_settings
from cleaner.serve import answer, openapi
from cleaner.serve.pool import Busy, Died, Late, Pool
from cleaner.settings import Settings
from cleaner.version import __version__

MAX_REQUESTS_PER_WORKER = 32
"""Requests for each worker that may be inside at once, with at most `io.files.MAX_DOCUMENT_BYTES` each."""

MAX_LENGTH_DIGITS = 20
"""Digits of a Content-Length that are looked at: making a number of thousands of them would take time."""

CLOSE_HEADERS = {"Connection": "close"}
"""After an answer to half a body, whose other half nobody will read."""


def build_application(settings: Settings, workers: int = 1, seconds: float = 30.0) -> Starlette:
    """The app with these settings, which clears up its worker processes at its end.

    `seconds` is how long a body may take to arrive, a request to wait for a worker, and a document to be cleaned.
    Raises `RuleError`.
    """
    service = _Service(settings, workers, seconds)
    return Starlette(
        routes=[
            Route("/clean", service.clean_document, methods=["POST"]),
            Route("/health", service.report_health),
            Route("/openapi.json", service.send_openapi),
        ],
        exception_handlers={
            HTTPException: _report_refusal,
            ClientDisconnect: _report_disconnect,
            Exception: _report_breakage,
        },
        lifespan=service.run_lifespan,
    )


class _Service:
    """The three routes, and the pool of workers behind them; `_inside` counts the requests that are not answered."""

    def __init__(self, settings: Settings, workers: int, seconds: float) -> None:
        self._settings = settings
        self._workers = workers
        self._seconds = seconds
        self._rules_sha256 = prepare_settings(settings).tool.rules_sha256
        self._openapi = encode_json(openapi.describe_api())
        self._inside = 0

    @asynccontextmanager
    async def run_lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """Start the workers before the first request, and end them after the last."""
        self._pool = Pool(self._settings, self._workers, self._seconds)
        try:
            await self._pool.start()
            yield
        finally:
            self._pool.close()

    async def report_health(self, request: Request) -> Response:
        """GET /health: answered by this process, also while all workers are busy."""
        pool = self._pool
        health = openapi.Health(__version__, self._rules_sha256, pool.workers, pool.busy, self._inside)
        return _build_response(200, encode_json(health))

    async def send_openapi(self, request: Request) -> Response:
        """GET /openapi.json."""
        return _build_response(200, self._openapi)

    async def clean_document(self, request: Request) -> Response:
        """POST /clean: the record of the body, or the problem with it.

        A body is refused before it is read where too many requests are inside, for each may hold the memory of one.
        """
        if self._inside >= MAX_REQUESTS_PER_WORKER * self._workers:
            raise HTTPException(
                503, "too many requests are inside; try again later", {"Retry-After": "1", **CLOSE_HEADERS}
            )
        self._inside += 1
        try:
            kind = _check_media_type(request)
            asked = answer.CleanRequest(kind, request.url.query, await self._read_body(request))
            said = await self._pool.ask(asked)
        except Busy:
            raise HTTPException(503, "no worker became free; try again later", {"Retry-After": "1"}) from None
        except Late:
            raise HTTPException(504, f"cleaning took longer than {self._seconds:g} seconds") from None
        except Died:
            raise HTTPException(500, "the process that cleaned this document died, perhaps of it") from None
        finally:
            self._inside -= 1
        return _build_response(said.status, said.body)

    async def _read_body(self, request: Request) -> bytes:
        """The body; raises `HTTPException` for one that is too large, or that takes too long to arrive.

        The length that the headers name is refused at once, and what really comes is counted: headers can lie.
        """
        too_large = HTTPException(
            413, f"larger than {files.MAX_DOCUMENT_BYTES >> 20} MiB, which no article is", CLOSE_HEADERS
        )
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length[:MAX_LENGTH_DIGITS]) > files.MAX_DOCUMENT_BYTES:
            raise too_large
        body = bytearray()
        try:
            async with asyncio.timeout(self._seconds):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > files.MAX_DOCUMENT_BYTES:
                        raise too_large
        except TimeoutError:
            raise HTTPException(408, f"the body took longer than {self._seconds:g} seconds", CLOSE_HEADERS) from None
        return bytes(body)


def _check_media_type(request: Request) -> str:
    """The media type of the body; its charset is not looked at, for what a body is written in is recognised.

    Raises `HTTPException` for a type that is none of ours, and for a packed body: it could unpack to any size.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in answer.MEDIA_TYPES:
        raise HTTPException(415, f"Content-Type must be one of {', '.join(answer.MEDIA_TYPES)}", CLOSE_HEADERS)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HTTPException(415, "the body must not be packed; send it without Content-Encoding", CLOSE_HEADERS)
    return kind


def _build_response(status: int, body: bytes, headers: dict[str, str] | None = None) -> Response:
    """An answer with a body of JSON; browsers must not take it for anything else."""
    media_type = answer.JSON if status == HTTPStatus.OK else answer.PROBLEM_TYPE
    return Response(body, status, {"X-Content-Type-Options": "nosniff", **(headers or {})}, media_type)


async def _report_refusal(request: Request, error: Exception) -> Response:
    """A problem for every `HTTPException`, those of the framework (404, 405) among them."""
    assert isinstance(error, HTTPException)
    detail = error.detail
    if detail == HTTPStatus(error.status_code).phrase:
        detail = "there is POST /clean, GET /health and GET /openapi.json"
    return _build_response(
        error.status_code, answer.build_problem(error.status_code, detail).body, dict(error.headers or {})
    )


async def _report_disconnect(request: Request, error: Exception) -> Response:
    """Nobody reads this: the client left before its body was complete."""
    return _build_response(400, answer.build_problem(400, "the body is not complete").body, CLOSE_HEADERS)


async def _report_breakage(request: Request, error: Exception) -> Response:
    """A problem that says nothing of the error, which the server's log has."""
    return _build_response(500, answer.build_problem(500, "the server broke; please report it").body)
