"""A person of an article, or a house that signs it."""

from typing import Literal

import msgspec

Kind = Literal["person", "organisation"]
"""Who signs: a person, or a desk, a team, an agency or a house where the page names no person."""


class Person(msgspec.Struct, frozen=True):
    """A person: the name in normal case, the part in the article (a `Role`), the name as written, and whether it is a
    person at all: where nobody is named, the desk or agency that signs stands here."""

    name: str
    role: str = "author"
    raw: str = ""
    kind: Kind = "person"
