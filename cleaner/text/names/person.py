"""A person of an article."""

import msgspec


class Person(msgspec.Struct, frozen=True):
    """A person: the name in normal case, the part in the article (a `Role`), and the name as written."""

    name: str
    role: str = "author"
    raw: str = ""
