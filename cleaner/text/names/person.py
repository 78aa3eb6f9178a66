"""A person of an article, and the part that a person can have in it."""

from typing import Literal

import msgspec

Role = Literal["author", "reporting", "writing", "editing", "photography", "translation"]


class Person(msgspec.Struct, frozen=True):
    """A person: the name in normal case, the part in the article (a `Role`), and the name as written."""

    name: str
    role: str = "author"
    raw: str = ""
