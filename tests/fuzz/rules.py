"""Attack on the rule loader: any bytes as a rule file end in `RuleError`, or in rules that apply to any text."""

import os
import tempfile
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import attack

with attack.watched():
    from cleaner.document import Document
    from cleaner.errors import RuleError
    from cleaner.pipeline import Pipeline
    from cleaner.rules import load
    from cleaner.stages.boilerplate import boilerplate
    from cleaner.stages.captions.stage import captions
    from cleaner.stages.exceptions import exceptions
    from cleaner.stages.metadata.stage import metadata
    from cleaner.stages.rejoin.stage import rejoin

LINES = (
    "Advertisement",
    "By Ann Lee",
    "Photo: Mara Quill/Reuters",
    "a" * 200,
    "Read also: Fog keeps ferries in port",
    "x",
    "12 May 2023",
    "Slot 4",
    "\ud800",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
    "Иван Петров",
    "© 2021 Example",
    "1.",
    "The council voted on Monday to buy a second ferry, and it is already late.",
    "(((",
    "e\u0301\u200b",
    "الجزيرة",
)
"""What every rule set is asked about."""

TOKENS = (
    b"[[rule]]\n",
    b"[rule]\n",
    b'id = "a.b"\n',
    b'role = "advertisement"\n',
    b'role = ["other", "paragraph"]\n',
    b"match = ['^x$']\n",
    b"match = ['^(?i:a|b)$', '^.*$']\n",
    b'examples = ["x"]\n',
    b'keeps = ["y"]\n',
    b'why = ""\n',
    b'where = "head"\n',
    b'where = "tail"\n',
    b'through = "end"\n',
    b'through = "prose"\n',
    b"replace = '\\1'\n",
    b"replace = '\\9'\n",
    b"replace = '\\g<a>'\n",
    b"replace = ''\n",
    b'facts = { a = "authors" }\n',
    b'facts = { 0 = "published", "=x" = "tags" }\n',
    b'facts = { "\xc2\xb2" = "title" }\n',
    b'facts = { x = "=tags" }\n',
    b'languages = ["de"]\n',
    b'sites = ["example.org"]\n',
    b'sites = [""]\n',
    b"confidence = nan\n",
    b"until = 2030-12-31\n",
    b"until = 0001-01-01T00:00:00Z\n",
    b'action = "keep"\n',
    b'status = "deprecated"\n',
    b'disable = ["a"]\n',
    b"extends = []\n",
    b'extends = ["other"]\n',
    b'extends = ["pack"]\n',
    b'extends = ["../pack"]\n',
    b'extends = [""]\n',
    b'extends = ["\\u0000"]\n',
    b'[agencies]\n"A" = ["B", ""]\n',
    b"[picture_agencies]\nx = []\n",
    b"(?P<a>",
    b"(?:",
    b")",
    b"[^",
    b"]",
    b"{1,1000}",
    b"{1,1000}{1,1000}",
    b"{0}",
    b"(?i)",
    b"(?s)",
    b"(?U)",
    b"\\p{Lu}",
    b"\\p{Xx}",
    b"\\pN",
    b"\\d",
    b"\\W",
    b"\\b",
    b"\\Q",
    b"\\C",
    b"\\z",
    b"\\x{10FFFF}",
    b"\\x{110000}",
    b"[[:alpha:]]",
    b"[[:foo:]]",
    b".*",
    b"(a*)*",
    b"^",
    b"$",
    b"|",
    b"\\",
    b"'''",
    b'"""',
    b'"',
    b"'",
    b"\\u0000",
    b"\\n",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\r\n",
    b"=",
    b"[",
    b"]" * 9,
    b"{",
    b"}",
    b"a." * 9,
    b"#",
    b"inf",
    b"1979-05-27T07:32:00Z",
    b"0x",
    b"\xf0\x9f\x98\x80",
    b"\xc3\xa9",
)

ALL_OF_A_FILE = b"""extends = ["other"]
disable = ["a.c"]
[[rule]]
id = "a.c"
why = "w"
role = "other"
match = ['^c$']
examples = ["c"]
keeps = ["d"]
[[rule]]
id = "a.d"
why = "w"
role = ["byline", "paragraph"]
match = ['^By (?P<who>.+)$', '^x*$']
examples = ["By A\\nx"]
keeps = ["By"]
facts = { who = "authors" }
[agencies]
Other = ["O"]
"""
ALL_OF_A_RULE = b"""[[rule]]
id = "a.r"
why = "w"
role = "paragraph"
match = ['^(?P<a>Slot) ([0-9])$']
replace = '\\2 \\1'
examples = ["Slot 4"]
keeps = ["Slots"]
sites = ["example.org"]
where = "head"
confidence = 0.5
until = 2030-12-31
action = "drop"
through = "end"
languages = ["de", "en"]
status = "experimental"
"""

_folder = Path(tempfile.mkdtemp(prefix="rules", dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
(_folder / "other.toml").write_text("disable = []\n[agencies]\nOther = ['Another']\n")
_text = Document.read("\n\n".join(LINES), "d")


def attacked(data: bytes) -> None:
    """Load these bytes as a rule file, and do with its rules what a run does."""
    path = _folder / "pack.toml"
    path.write_bytes(data)
    try:
        rules = load([path], extends=())
    except RuleError as error:
        assert str(_folder) in str(error) or "project settings" in str(error), "an error that names no file"
        return
    for rule in rules.rules:
        if len(rule.match) == 1 and not rule.sites:
            asked = [line for line in (*LINES, *rule.examples, *rule.keeps) if "\n" not in line]
            found = rules.match_texts([[line] for line in asked], (*rule.languages, "und")[0])
            pattern = rules.pattern(rule.match[0])
            for line, some in zip(asked, found, strict=True):
                one = line.encode("utf-8", "replace").decode()
                assert (rule in some) == (pattern.fullmatch(one) is not None), f"{rule.match[0]!r} and {line!r}"
    for site, language in (("", ""), ("www.example.org", "de")):
        for hit in rules.find_hits(LINES, site, language, 9, 3):
            for field, value, line in rules.extract_facts(hit.rule, LINES[hit.first : hit.last + 1]):
                assert field and isinstance(value, str) and line >= 0
        rules.find_dropped_lines(LINES, language)
    list(rules.find_labels("Share This Page and Read also: Fog in Port", "de", 4))
    rules.find_credit_end("Ann Lee/Other The council voted")
    stages = (rejoin, exceptions, boilerplate, metadata, captions)
    done = Pipeline([partial(stage, rules=rules) for stage in stages])(_text)
    assert done.replay(done.edits).text == done.text


def seeds() -> Iterator[bytes]:
    """Every eighth shipped rule as a file of its own, and two files that use all keys."""
    for path in sorted(attack.PACKS.glob("**/*.toml")):
        text = path.read_text("utf-8")
        tables = text.split("[[rule]]")[1:]
        for table in tables[::8]:
            one = "[[rule]]" + table
            tomllib.loads(one)
            yield one.encode()
    yield from (ALL_OF_A_FILE, ALL_OF_A_RULE)


if __name__ == "__main__":
    attack.fuzz(attacked, seeds(), TOKENS)
