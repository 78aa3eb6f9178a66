"""The file of decisions that people made on the page."""

from cleaner.document import ROLES
from cleaner.errors import ReadError
from cleaner.workbench.decisions import Decision, parsed


def parse(data: bytes, name: str) -> tuple[Decision, ...]:
    """The decisions in the bytes of a file of this name, as the page writes them; raises `ReadError`."""
    found = parsed(data, name)
    for number, one in enumerate(found, 1):
        if not 0 <= one.start < one.end or one.role not in ROLES:
            raise ReadError(f"{name}: decision {number}: its span is empty, or its role {one.role!r} is none; "
                            "save it from the page again")  # fmt: skip
    return found
