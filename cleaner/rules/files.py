"""One rule file: its text, its tables as written, and the line in which each table begins."""

import re
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from cleaner.errors import RuleError
from cleaner.io.toml import TOMLDecodeError, parse_toml
from cleaner.ready import read_table
from cleaner.rules.model import RulePack, TomlTable

MAX_FILE_BYTES = 4 << 20
"""Bytes of the largest rule file that is read: five thousand rules have less."""

MAX_FILE_RULES = 20_000
"""Rules of the largest rule file that is read."""

MAX_AGENCY_CHARS = 200_000
"""Characters of the names in a table of agencies: they become one pattern."""

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""The byte order marks with which a file in UTF-16 begins."""

FileType = TypeVar("FileType", bound=Struct)
"""What a file is read as: `RulePack`, or `SignPack` for signs of translation."""

_TABLE_HEADER = re.compile(r"[ \t]*\[\[[ \t]*(\w+)[ \t]*\]\]")


def read_pack(path: Path) -> RulePack:
    """A file of rules as written; raises `RuleError` where it is not TOML, or has an unknown table."""
    pack = read_file(path, RulePack)
    check_table_count(path, len(pack.rule), "rules")
    for table in (pack.agencies, pack.picture_agencies):
        size = sum(len(form) for name, others in table.items() for form in (name, *others))
        if size > MAX_AGENCY_CHARS:
            raise RuleError(
                f"{path}: names of agencies with {size:,} characters, but a table may have {MAX_AGENCY_CHARS:,}; "
                "name those that your articles name"
            )
    return pack


def read_file(path: Path, kind: type[FileType]) -> FileType:
    """A TOML file with the tables that are the fields of `kind`; raises `RuleError` for anything else in it."""
    tables = ", ".join(kind.__struct_fields__)
    try:
        return msgspec.convert(read_tables(path), kind)
    except RecursionError:
        raise RuleError(f"{path}: its tables are nested too deeply; a pack has {tables}") from None
    except msgspec.ValidationError as error:
        raise RuleError(f"{path}: {error}; a pack has {tables}") from error


def read_tables(path: Path) -> TomlTable:
    """The tables of a TOML file as written; raises `RuleError` where it is not TOML, and `RecursionError`."""
    try:
        return read_table(read_text(path), parse_toml)
    except TOMLDecodeError as error:
        cure = "write patterns in 'single quotes', where a backslash needs no escape"
        raise RuleError(f"{path}: not valid TOML: {error}; {cure}") from error
    except ValueError as error:  # a number with thousands of digits
        raise RuleError(f"{path}: not valid TOML: {error}; write a number that a rule can have") from error


def check_table_count(path: Path, count: int, what: str) -> None:
    """Raises `RuleError` for a file with more rules than a run can ask about."""
    if count > MAX_FILE_RULES:
        raise RuleError(f"{path}: {count:,} {what}, but a rule file may have {MAX_FILE_RULES:,}; split it into several")


def find_table_lines(path: Path, table: str) -> list[int]:
    """The line in which each table `[[rule]]`, or of another name, of a file begins, from 1.

    Nothing where that cannot be told for all of them, as for tables that are written inline or headers inside a string.
    """
    text = read_text(path)
    headers = ((number, _TABLE_HEADER.match(line)) for number, line in enumerate(text.split("\n"), 1))
    lines = [number for number, header in headers if header and header[1] == table]
    tables = parse_toml(text).get(table)
    return lines if isinstance(tables, list) and len(lines) == len(tables) else []


def read_text(path: Path) -> str:
    """What a rule file says; raises `RuleError` for one that is missing, too large, or in another encoding."""
    data = _read_bytes(path)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = "it is UTF-16" if data.startswith(UTF16_MARKS) else f"byte 0x{data[error.start]:02x}"
        raise RuleError(
            f"{path}:{line}: cannot be read: {what}; a rule file is TOML in UTF-8: save it in that encoding"
        ) from None


def _read_bytes(path: Path) -> bytes:
    """The bytes of a rule file, whose size is looked at first; raises `RuleError`."""
    try:
        if path.exists() and not path.is_file():
            raise RuleError(f"{path}: cannot be read: it is no file; name a rule file, or a folder of them")
        if (size := path.stat().st_size) > MAX_FILE_BYTES:
            raise RuleError(
                f"{path}: {size / (1 << 20):.1f} MiB, but a rule file may have {MAX_FILE_BYTES >> 20}; "
                "split it into several"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise RuleError(f"{path}: there is no such rule file") from None
    except (OSError, ValueError) as error:
        raise RuleError(f"{path}: cannot be read: {error}; check its name and its rights") from error


def get_table_name(table: TomlTable, number: int) -> str:
    """The id of a table, or its number in the file where it has none."""
    return str(table.get("id") or f"number {number}")
