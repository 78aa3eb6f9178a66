"""What one request asks for, and its answer: the work of a worker process, which knows nothing of HTTP's wire.

Requests can come from anybody, and their bodies may be secret: no message repeats anything of one.
"""

import hashlib
import json
import sys
import traceback
from http import HTTPStatus
from typing import Annotated, TypeVar, get_args
from urllib.parse import parse_qs

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from cleaner.document import ROLES
from cleaner.errors import ReadError, StageError
from cleaner.io.json import encode_json
from cleaner.pipeline import Pipeline
from cleaner.pipeline.records import make_article
from cleaner.pipeline.settings import prepare_settings
from cleaner.readers.base import HTML_TYPE, TEXT_TYPE, Item
from cleaner.readers.given import Given, read_given
from cleaner.record import Source
from cleaner.settings import ROLE_KEYS, Settings, Strictness

TEXT, HTML, JSON = MEDIA_TYPES = (TEXT_TYPE, HTML_TYPE, "application/json")
PROBLEM_TYPE = "application/problem+json"
"""The media type of an answer that is no record (RFC 9457)."""

STRICTNESS_VALUES = get_args(Strictness)
MAX_QUERY_FIELDS = 100
"""Fields of a query that are read at most: there are seven, of which two can be given once for each role."""

Fields = dict[str, object]
"""Keys and values as they came, not checked yet."""

Role = Annotated[str, Meta(extra_json_schema={"enum": sorted(ROLES)})]


class Beside(Struct, frozen=True, kw_only=True):
    """What a request may say beside its document, in the query or in the keys of its JSON.

    None for a setting leaves it as the server was started with.
    """

    id: Annotated[str, Meta(description="The id of the record.")] = ""
    title: Annotated[str | None, Meta(description="The title, where it is known.")] = None
    url: Annotated[str | None, Meta(description="The address of the page.")] = None
    keep: Annotated[tuple[Role, ...] | None, Meta(description="Roles of lines that stay in the text.")] = None
    drop: Annotated[tuple[Role, ...] | None, Meta(description="Roles of lines that go.")] = None
    strictness: Annotated[
        str | None,
        Meta(
            description="Whether a line that no rule knows, and that is in doubt, stays or goes.",
            extra_json_schema={"enum": [*STRICTNESS_VALUES, None]},
        ),
    ] = None
    edits: Annotated[bool, Meta(description="Whether the record holds its edits.")] = False

    def __post_init__(self) -> None:
        """Raises `ValueError` for a role or a strictness that there is not."""
        # checked here and not by a Literal, whose message would repeat the value
        for field in ROLE_KEYS:
            if not ROLES.issuperset(getattr(self, field) or ()):
                raise ValueError(f"{field} names a role that there is not; roles are {', '.join(sorted(ROLES))}")
        if self.strictness not in (*STRICTNESS_VALUES, None):
            raise ValueError(f"strictness is one of {', '.join(STRICTNESS_VALUES)}")


class Asked(Beside, frozen=True, kw_only=True):
    """A document to clean, as its `text` or as the `html` of its page, and what is known beside it."""

    text: str | None = None
    html: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.text is None) == (self.html is None):
            raise ValueError('the article\'s text belongs into the key "text", or its page into "html"; give one')


class Problem(Struct, frozen=True):
    """Why there is no record (RFC 9457)."""

    status: int
    title: str
    detail: str
    type: str = "about:blank"


class CleanRequest(Struct, frozen=True):
    """A body, the media type it is said to have, and the query; it is pickled on its way to a worker."""

    kind: str
    query: str
    body: bytes


class Answer(Struct, frozen=True):
    """A status of HTTP, and a record or a problem as JSON."""

    status: int
    body: bytes


Kind = TypeVar("Kind", bound=Beside)
"""What a query or a JSON body is checked against."""


class _BadRequest(Exception):
    """A request that is not as it must be; its message repeats nothing of the body."""


def build_problem(status: int, detail: str) -> Answer:
    """The answer that there is no record, and why."""
    return Answer(status, encode_json(Problem(status, HTTPStatus(status).phrase, detail)))


def process_request(settings: Settings, request: CleanRequest) -> Answer:
    """The record of the request's document, or the problem with it; no document makes this raise an error."""
    try:
        return Answer(200, _build_record(settings, request))
    except _BadRequest as error:
        return build_problem(400, str(error))
    except ReadError as error:
        return build_problem(422, str(error))
    except StageError as error:
        _print_traceback(error)
        return build_problem(500, f"the stage {error.stage!r} broke on this document; please report it")
    except Exception as error:
        _print_traceback(error)
        return build_problem(500, "cleaning broke on this document; please report it")


def _print_traceback(error: Exception) -> None:
    """Where it broke, for who runs the server; without the message, which may hold parts of the document."""
    cause = error.__cause__ or error
    print(f"{type(cause).__name__}\n{''.join(traceback.format_tb(cause.__traceback__))}", file=sys.stderr, flush=True)


def _build_record(settings: Settings, request: CleanRequest) -> bytes:
    """The record of a request's document as JSON; raises what `process_request` answers with a problem."""
    fields = _parse_query(request.query)
    in_json = request.kind == JSON
    asked: Beside = (
        _convert_fields(fields | _decode_object(request.body), Asked) if in_json else _convert_fields(fields, Beside)
    )
    ready = prepare_settings(replace(settings, strictness=asked.strictness or settings.strictness), prove=False)
    if asked.keep is not None or asked.drop is not None:
        # not by `prepare_settings`, which would remember every choice that anybody ever made
        pipeline = Pipeline(
            [stage for _, stage in ready.pipeline.stages],
            keep=settings.keep if asked.keep is None else asked.keep,
            drop=settings.drop if asked.drop is None else asked.drop,
            select=settings.select,
            ignore=settings.ignore,
        )
        ready = replace(ready, pipeline=pipeline)
    return encode_json(make_article(ready, _read_document(request, asked), asked.edits))


def _read_document(request: CleanRequest, asked: Beside) -> Item:
    """The document as its file's reader would read it; its source is the body.

    A body of plain text or HTML is decoded like a file, whatever its charset is said to be; a string in JSON is decoded
    already.  Raises `ReadError`.
    """
    body, encoding = request.body, None
    text: str | bytes | None = body if request.kind == TEXT else None
    html: str | bytes | None = body if request.kind == HTML else None
    if isinstance(asked, Asked):
        text, html, encoding = asked.text, asked.html, "utf-8"
    given = Given(text=text, html=html, id=asked.id, url=asked.url, title=asked.title)
    return read_given(given, Source(None, None, request.kind, encoding, hashlib.sha256(body).hexdigest()))


def _parse_query(query: str) -> Fields:
    """The fields of a query: lists of roles, true and false as such, of any other the last value.

    Raises `_BadRequest` for a field that there is not.
    """
    try:
        given = parse_qs(query, keep_blank_values=True, max_num_fields=MAX_QUERY_FIELDS)
    except ValueError:
        raise _BadRequest(f"the query has more than {MAX_QUERY_FIELDS} fields") from None
    fields: Fields = {key: values if key in ROLE_KEYS else values[-1] for key, values in given.items()}
    if "edits" in given:
        # any other word stays a string, which no edits can be
        fields["edits"] = {"true": True, "false": False}.get(given["edits"][-1], "neither")
    # the document has no place in an address
    _require_known(fields, Beside)
    return fields


def _decode_object(body: bytes) -> Fields:
    """The keys of a JSON body; raises `_BadRequest` for any other JSON, and for what is none."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        fields = msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        fields = _decode_patiently(body)
    if not isinstance(fields, dict):
        raise _BadRequest('the JSON is no object; send {"text": ...} or {"html": ...}')
    return fields


def _decode_patiently(body: bytes) -> object:
    """The value of JSON that msgspec refuses though it is valid: with a lone surrogate in a string.

    Raises `_BadRequest`, whose message names the place and repeats nothing of the body.
    """
    try:
        return json.loads(body.decode("utf-8"))
    except json.JSONDecodeError as error:
        raise _BadRequest(f"not valid JSON: {error.msg} at character {error.pos + 1}") from None
    except UnicodeDecodeError as error:
        raise _BadRequest(f"JSON is UTF-8, and byte {error.start + 1} of this is not") from None
    except (ValueError, RecursionError):
        raise _BadRequest("the JSON is nested too deeply, or has a number too long to read") from None


def _require_known(fields: Fields, kind: type[Beside]) -> None:
    """Raises `_BadRequest` for keys that the kind does not have; the message does not repeat them."""
    if unknown := fields.keys() - set(kind.__struct_fields__):
        count = "a key that is" if len(unknown) == 1 else f"{len(unknown)} keys that are"
        raise _BadRequest(f"there is {count} none of {', '.join(kind.__struct_fields__)}")


def _convert_fields(fields: Fields, kind: type[Kind]) -> Kind:
    """What these keys ask for; raises `_BadRequest` for unknown keys and values that cannot be."""
    _require_known(fields, kind)
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as error:
        raise _BadRequest(str(error)) from None
