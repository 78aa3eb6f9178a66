"""The ASGI app: bodies in within their limits, answers of the workers out."""

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
from cleaner.pipeline.settings import Settings, prepare_settings
from cleaner.serve import answer, openapi
from cleaner.serve.pool import Busy, Died, Late, Pool
from cleaner.version import __version__

MAX_REQUESTS_PER_WORKER = 32
"""Requests for each worker that may be inside at once, with at most `item.LIMIT` bytes each."""

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
    def __init__(self, settings: Settings, workers: int, seconds: float) -> None:
        self._settings = settings
        self._workers = workers
        self._seconds = seconds
        self._rules_sha256 = prepare_settings(settings).tool.rules_sha256
        self._openapi = encode_json(openapi.describe_api())
        self._inside = 0

    @asynccontextmanager
    async def run_lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self._pool = Pool(self._settings, self._workers, self._seconds)
        try:
            await self._pool.start()
            yield
        finally:
            self._pool.close()

    async def report_health(self, request: Request) -> Response:
        pool = self._pool
        health = openapi.Health(__version__, self._rules_sha256, pool.workers, pool.busy, self._inside)
        return _build_response(200, encode_json(health))

    async def send_openapi(self, request: Request) -> Response:
        return _build_response(200, self._openapi)

    async def clean_document(self, request: Request) -> Response:
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
        """The body, as far as it is within the limits of size and time."""
        too_large = HTTPException(
            413, f"larger than {files.MAX_DOCUMENT_BYTES >> 20} MiB, which no article is", CLOSE_HEADERS
        )
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > files.MAX_DOCUMENT_BYTES:
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
    """The media type of the body; its charset is not looked at, for what a body is written in is recognised."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in answer.MEDIA_TYPES:
        raise HTTPException(415, f"Content-Type must be one of {', '.join(answer.MEDIA_TYPES)}", CLOSE_HEADERS)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HTTPException(415, "the body must not be packed; send it without Content-Encoding", CLOSE_HEADERS)
    return kind


def _build_response(status: int, body: bytes, headers: dict[str, str] | None = None) -> Response:
    media_type = answer.JSON if status == 200 else "application/problem+json"
    return Response(body, status, {"X-Content-Type-Options": "nosniff", **(headers or {})}, media_type)


async def _report_refusal(request: Request, error: Exception) -> Response:
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
    return _build_response(500, answer.build_problem(500, "the server broke; please report it").body)
