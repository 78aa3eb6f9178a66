"""The file of decisions that people made on the page."""

import tomllib
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from cleaner.document import ROLES
from cleaner.errors import ReadError

Count = Annotated[int, Meta(ge=0)]


class Decision(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody decided on a line: `text` and `source[start:end]` say which.

    `rule` is that of the edit, and empty for a line that was kept; `role` is that of the line, or the one that it is
    to have by a rule.
    """

    verdict: Literal["accept", "reject", "rule"]
    document: str
    text_sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    start: Count
    end: Count
    text: str
    rule: str
    role: str
    language: str
    url: str


class Decisions(Struct, frozen=True, forbid_unknown_fields=True):
    """The file as a whole."""

    schema_version: Literal[1]
    decision: list[Decision] = []


def parse(data: bytes, name: str) -> list[Decision]:
    """The decisions in the bytes of a file of this name; raises `ReadError`."""
    try:
        found = msgspec.convert(tomllib.loads(data.decode("utf-8")), Decisions).decision
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise ReadError(f"{name}: not a file of decisions: {error}; save it from the page again") from error
    for number, decision in enumerate(found, 1):
        if decision.end <= decision.start or decision.role not in ROLES:
            raise ReadError(f"{name}: decision {number}: its span is empty or its role {decision.role!r} is none; save "
                            "it from the page again")  # fmt: skip
    return found
