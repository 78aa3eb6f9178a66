"""The file of decisions that people made on the page."""

import tomllib

import msgspec

from cleaner.document import ROLES
from cleaner.errors import ReadError
from cleaner.workbench.decisions import SCHEMA_VERSION, Decision, Decisions


def parse(data: bytes, name: str) -> tuple[Decision, ...]:
    """The decisions in the bytes of a file of this name; raises `ReadError`."""
    cure = "save it from the page again"
    try:
        found = msgspec.convert(tomllib.loads(data.decode("utf-8")), Decisions)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise ReadError(f"{name}: not a file of decisions: {error}; {cure}") from error
    if found.schema_version != SCHEMA_VERSION:
        raise ReadError(f"{name}: its schema_version is {found.schema_version}, not {SCHEMA_VERSION}; {cure}")
    for number, one in enumerate(found.decision, 1):
        if not 0 <= one.start < one.end or one.role not in ROLES:
            raise ReadError(f"{name}: decision {number}: its span is empty, or its role {one.role!r} is none; {cure}")
    return found.decision
