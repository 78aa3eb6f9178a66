"""Annotations as a GitHub workflow reads them from the output of a step."""

from typing import Literal


def annotation(level: Literal["error", "warning"], file: str, line: int, title: str, message: str) -> str:
    """One annotation; a file that is empty and a line that is 0 are left out."""
    place = [f"file={_property(file)}"] * bool(file) + [f"line={line}"] * bool(line)
    return f"::{level} {','.join([*place, f'title={_property(title)}'])}::{_data(message)}"


def _data(text: str) -> str:
    """A text as the message of a workflow command of GitHub."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A text as the value of a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
