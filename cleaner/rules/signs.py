"""Signs of translation as data: TOML packs in, proven signs and where they stand in a text out.

A sign is found anywhere in a paragraph, unlike the rules for lines; it never changes a text.  Files are
rules/translation/*.toml.  `python -m cleaner.rules.signs FILE ...` checks them.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import re2
import tomli
from msgspec import Struct

from cleaner.errors import RuleError

PROOF_KINDS = {
    "notice": "The text itself says that it is translated.",
    "residue": "What a republishing site or a translation engine leaves behind: stamps, placeholders, loops.",
}
LITERAL_KINDS = {
    "agency": "The name of a news agency, paper or broadcaster put word for word.",
    "institution": "The name of a ministry, parliament, court or office put word for word.",
    "inversion": "A verb of saying before its subject, in an order that English does not have.",
    "calque": "A set phrase of another language put word for word.",
}
SIGN_KINDS = {
    "ordinal": "A day without its month: 'On the 28th'.",
    "attribution": "Sources named as another language does: 'According to him,' 'It is noted that'.",
    "number": "Numbers, times and dates written as in another language.",
    "transliteration": "A name in the spelling of another language that does not use its script.",
    "spelling": "Two spellings of one place that no style guide uses together.",
    "punctuation": "East Asian punctuation between Latin letters.",
    "untranslated": "Words in another script inside a sentence, outside brackets and quotes.",
}
EVIDENCE_KINDS = PROOF_KINDS | LITERAL_KINDS | SIGN_KINDS
"""Every kind of evidence, from what proves by itself to what only counts together with others."""

MAX_AUTOMATON_BYTES = 32 << 20
"""Bytes that an automaton for a text's language may use; with too little it forgets its states, and is slow."""

PATTERNS_PER_SET = 64
"""Patterns that are read for together: an automaton for all 400 has so many states that every text needs new ones."""

_PLAIN_SIGNS = {
    **dict.fromkeys("‘’‚‛´`′", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
}
_TYPOGRAPHIC_SIGN = re.compile(f"[{''.join(_PLAIN_SIGNS)}]")


def normalize_punctuation(text: str) -> str:
    """The text with every kind of quote, dash and space as the plain one; no character moves."""
    # a search for the few takes a tenth of the time of a table asked for every character
    return text if text.isascii() else _TYPOGRAPHIC_SIGN.sub(lambda found: _PLAIN_SIGNS[found[0]], text)


class Rate(Struct, frozen=True, forbid_unknown_fields=True):
    """In how many documents of a hundred a sign was found: machine and human translations, originals."""

    machine: float
    human: float
    original: float


class Sign(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table `[[rule]]` of a pack.

    `source` are the languages that leave it, `language` is that of the texts it is looked for in ("any": all).  Any of
    the patterns will do; with `together` all must be found in the document.  `agency` is the normal short name.
    """

    id: str
    why: str
    kind: str
    match: tuple[str, ...]
    examples: tuple[str, ...]
    keeps: tuple[str, ...]
    source: tuple[str, ...] = ()
    language: str = "en"
    together: bool = False
    agency: str = ""
    rate: Rate | None = None
    pack: str = ""


class ForeignName(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table `[[name]]`: a name as English writes it, and as other languages spell it."""

    id: str
    english: tuple[str, ...]
    forms: dict[str, tuple[str, ...]]
    rate: Rate | None = None


class SignPack(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file as written."""

    rule: tuple[dict[str, Any], ...] = ()
    name: tuple[dict[str, Any], ...] = ()


class SignMatch(Struct, frozen=True):
    """A sign, and where it stands: paragraph number, and characters in the paragraph."""

    sign: Sign
    paragraph: int
    start: int
    end: int


# ---------------------------------------------------------------- matching


def _build_re2_options() -> Any:
    made = re2.Options()
    made.max_mem = MAX_AUTOMATON_BYTES
    made.log_errors = False
    return made


@cache
def _compile_pattern(text: str) -> Any:
    return re2.compile(f"(?m){text}", _build_re2_options())


def _build_search_set(patterns: Iterable[tuple[str, tuple[int, int]]]) -> tuple[Any, list[tuple[int, int]]]:
    """What reads a text for all these patterns at once, and whose they are."""
    found = re2.Set.SearchSet(_build_re2_options())
    owners: list[tuple[int, int]] = []
    for pattern, owner in patterns:
        found.Add(f"(?m){pattern}")
        owners.append(owner)
    found.Compile()
    return found, owners


class Signs:
    """All signs of a run, and the matching of paragraphs against them."""

    def __init__(self, signs: Iterable[Sign]) -> None:
        self.signs = tuple(signs)
        self._screens: dict[str, list[tuple[Any, list[tuple[int, int]]]]] = {}

    def _get_search_sets(self, language: str) -> list[tuple[Any, list[tuple[int, int]]]]:
        """What tells in a few readings which patterns stand in a text of this language, and whose they are."""
        if language not in self._screens:
            known = {sign.language for sign in self.signs}
            asked = language if language in known else "any"
            if asked not in self._screens:
                every = [
                    (pattern, (number, place))
                    for number, sign in enumerate(self.signs)
                    if sign.language in (asked, "any")
                    for place, pattern in enumerate(sign.match)
                ]
                self._screens[asked] = [
                    _build_search_set(every[i : i + PATTERNS_PER_SET]) for i in range(0, len(every), PATTERNS_PER_SET)
                ]
            self._screens[language] = self._screens[asked]
        return self._screens[language]

    def find_signs(self, paragraphs: Sequence[str], language: str) -> Iterator[SignMatch]:
        """Every sign in these paragraphs of a text in this language, in the order of the signs."""
        whole = normalize_punctuation("\n".join(paragraphs)).encode("utf-8", "replace")
        hits = [
            owners[hit]
            for screen, owners in self._get_search_sets(language)
            for hit in sorted(screen.Match(whole) or ())
        ]
        if not hits:
            return
        plain = [normalize_punctuation(paragraph) for paragraph in paragraphs]
        by_sign: dict[int, list[int]] = {}
        for number, place in hits:
            by_sign.setdefault(number, []).append(place)
        for number, places in by_sign.items():
            sign = self.signs[number]
            if sign.together and len(places) < len(sign.match):
                continue
            for place in places:
                for at, text in enumerate(plain):
                    for span in _compile_pattern(sign.match[place]).finditer(text.encode("utf-8", "replace").decode()):
                        yield SignMatch(sign, at, span.start(), span.end())


# ---------------------------------------------------------------- loading


def find_signs_folder() -> Path:
    """The folder of the packs that come with `cleaner`."""
    installed = Path(__file__).parents[1] / "packs" / "translation"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "rules" / "translation"


@cache
def load_shipped_signs() -> Signs:
    """The shipped signs; the tests prove them, so that no run need do it again."""
    return load_signs(sorted(find_signs_folder().glob("*.toml")), prove=False)


def load_signs(files: Sequence[Path], prove: bool = True) -> Signs:
    """The signs of these files; raises `RuleError` with the file, the sign and the cure for anything wrong."""
    found: dict[str, Sign] = {}
    for path in files:
        for sign in read_signs(path):
            if sign.id in found:
                other = f"{found[sign.id].pack}.toml"
                raise RuleError(f"{path}: rule {sign.id!r}: this id stands also in {other}; rename one of the two")
            found[sign.id] = sign
            if prove:
                _prove_sign(path, sign)
    return Signs(found.values())


def read_signs(path: Path) -> list[Sign]:
    """The signs of a file, those of its names with them; raises `RuleError`."""
    try:
        pack = msgspec.convert(tomli.loads(path.read_text(encoding="utf-8")), SignPack)
    except FileNotFoundError:
        raise RuleError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: cannot be read: {error}; a pack is TOML in UTF-8") from error
    except tomli.TOMLDecodeError as error:
        cure = "write patterns in 'single quotes', where a backslash needs no escape"
        raise RuleError(f"{path}: not valid TOML: {error}; {cure}") from error
    except msgspec.ValidationError as error:
        raise RuleError(f"{path}: {error}; a pack has rule and name") from error
    found: list[Sign] = []
    for what, tables in (("rule", pack.rule), ("name", pack.name)):
        for number, table in enumerate(tables, 1):
            id = table.get("id") or f"number {number}"
            try:
                made = (
                    [msgspec.convert({**table, "pack": path.stem}, Sign)]
                    if what == "rule"
                    else list(_derive_signs(msgspec.convert(table, ForeignName), path.stem))
                )
                for sign in made:
                    if any(sign.id == other.id for other in found):
                        raise ValueError("this id stands twice in the file; rename one of the two")
                    _check_sign(sign)
                    found.append(sign)
            except (ValueError, msgspec.ValidationError) as error:
                raise RuleError(f"{path}: {what} {id!r}: {error}") from error
    return found


# all letters of Unicode would be 2,000 instructions a name
_NAME_START, _NAME_END = r"(?:^|[\s\"'(\[/-])", r"(?:[\s.,;:!?\"')\]/-]|$)"


def _derive_signs(name: ForeignName, pack: str) -> Iterator[Sign]:
    """A sign for each foreign spelling of a name, with all the languages that spell it so."""
    languages: dict[str, list[str]] = {}
    for language, forms in name.forms.items():
        for form in forms:
            languages.setdefault(form, []).append(language)
    for number, (form, found) in enumerate(languages.items(), 1):
        if form in name.english:
            raise ValueError(f"{form!r} is also the English form; leave it out")
        yield Sign(
            id=f"{name.id}.{number}",
            why=f"{form} is {name.english[0]} as spelled in: {', '.join(found)}.",
            kind="transliteration",
            match=(f"{_NAME_START}{re2.escape(form)}{_NAME_END}",),
            examples=(f"The ministers met {form} on Monday.",),
            keeps=tuple(f"The ministers met {one} on Monday." for one in name.english),
            source=tuple(found),
            rate=name.rate,
            pack=pack,
        )


def _check_sign(sign: Sign) -> None:
    """Raises `ValueError` for what a sign must not be."""
    if sign.kind not in EVIDENCE_KINDS:
        raise ValueError(f"there is no kind {sign.kind!r}; the kinds are {', '.join(EVIDENCE_KINDS)}")
    if not sign.match:
        raise ValueError("match is empty; give at least one pattern")
    if not sign.examples or not sign.keeps:
        raise ValueError("a sign needs at least one example that matches and one keep that does not")


def _prove_sign(path: Path, sign: Sign) -> None:
    for pattern in sign.match:
        try:
            _compile_pattern(pattern)
        except re2.error as error:
            what = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
            cure = "RE2 has no lookaround and no backreference; say it with another pattern"
            raise RuleError(f"{path}: rule {sign.id!r}: pattern {pattern!r}: {what}; {cure}") from None
    alone = Signs([sign])
    for example in sign.examples:
        if not any(alone.find_signs(example.split("\n"), sign.language)):
            raise RuleError(f"{path}: rule {sign.id!r}: the example {example!r} does not match; mend one of them")
    for keep in sign.keeps:
        if any(alone.find_signs(keep.split("\n"), sign.language)):
            raise RuleError(f"{path}: rule {sign.id!r}: matches its own keep {keep!r}; narrow the pattern")


def main(paths: Sequence[str]) -> int:
    """Check files; prints one line each, returns 0 when all are right and 2 when one is not."""
    code = 0
    for path in map(Path, paths):
        try:
            print(f"{path}: {len(load_signs([path]).signs)} signs, all proven")
        except RuleError as error:
            print(error)
            code = 2
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
