"""From example lines to a proven rule: one narrow pattern a line, and the table that is added to a rule file."""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import tomlkit
from msgspec import Struct

from cleaner.errors import RuleError
from cleaner.io.atomic import Part
from cleaner.rules import load
from cleaner.rules.files import read_pack
from cleaner.rules.loading import prove_pack
from cleaner.rules.match import SINGLE_AUTOMATON_BYTES
from cleaner.rules.model import RulePack
from cleaner.rules.packs import PackFile
from cleaner.rules.patterns import expand_unicode_classes
from cleaner.rules.proof import load_prose
from cleaner.text.automaton import Automaton
from cleaner.text.shape import build_match_key

TokenKind = Literal["url", "mail", "date", "time", "number", "name", "word", "sign"]

UPPER_LETTERS = "".join(chr(code) for code in range(0x41, 0x530) if chr(code).isupper())
"""Capitals of the Latin, Greek and Cyrillic alphabets."""

MAX_FREE_CHARS = 400
"""Characters of the longest free text that a pattern allows."""

MAX_LISTED_LINES = 40
"""Lines that a pattern may list."""

MIN_FIXED_LETTERS = {"free": 4, "name": 2, "": 1}
"""Letters that a pattern must fix beside free text, beside names, and beside numbers."""

MAX_NAMED_TEMPLATE_CHARS = 140
"""Characters of the longest line that is a template with names."""

TEMPLATE_CACHE_SIZE = 1 << 14
"""Lines whose templates are remembered: those of a site's pages come again."""

# ---------------------------------------------------------------- templates

_TYPOGRAPHY_TABLE = str.maketrans(
    {
        **dict.fromkeys("’‘‛`´", "'"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("–—‑−", "-"),
        **dict.fromkeys("\xa0\u202f\u2009", " "),
    }
)
_DIGIT_PATTERN = re.compile(r"\d")
_NUMBER_PATTERN = re.compile(r"\d+(?:[.,:/-]\d+)*")
_DATE_PATTERN = re.compile(
    rf"0\.? (?:de |of )?[^\W\d_]{{3,12}}\.?,? (?:de )?0|[{UPPER_LETTERS}][^\W\d_]{{2,8}}\.? 0, 0"
)
_NAME_WORD_PATTERN = rf"[{UPPER_LETTERS}][^\W\d_]*(?:['.-][^\W\d_]+)*\.?"
_NAMES_PATTERN = re.compile(
    rf"^{_NAME_WORD_PATTERN}(?: {_NAME_WORD_PATTERN})+(?= [^\W\d_])"
    rf"|(?<!^)(?<!\w){_NAME_WORD_PATTERN}(?: {_NAME_WORD_PATTERN})*"
)


@lru_cache(TEMPLATE_CACHE_SIZE)
def derive_templates(line: str) -> tuple[str, str]:
    """A line with its numbers and dates as `0`, whatever its case and quotes; and with names as `A` too, or nothing
    where it is long."""
    plain = (line if line.isascii() else line.translate(_TYPOGRAPHY_TABLE)).rstrip(" .:!»>…")
    if _DIGIT_PATTERN.search(plain):
        plain = _DATE_PATTERN.sub("0", _NUMBER_PATTERN.sub("0", plain))
    return plain.casefold(), _NAMES_PATTERN.sub("A", plain) if len(plain) <= MAX_NAMED_TEMPLATE_CHARS else ""


# ---------------------------------------------------------------- tokens

_DATE_FORMS = {
    r"\d{1,2}\.? (?:de |of )?\p{L}{3,12}\.?,? (?:de )?\d{4}": (
        r"\d{1,2}\.? (?:de |of )?[^\W\d_]{3,12}\.?,? (?:de )?\d{4}"
    ),
    r"\p{Lu}\p{L}{2,8}\.? \d{1,2}, \d{4}": rf"[{UPPER_LETTERS}][^\W\d_]{{2,8}}\.? \d{{1,2}}, \d{{4}}",
    r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}": r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}",
}
_TIME_PATTERN = r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\b\.?)?"
_TOKEN_PATTERN = re.compile(
    r"(?P<url>(?:https?://|www\.)[^\s<>\"]+)|(?P<mail>[\w.+-]+@[\w-]+\.[\w.]+)|"
    rf"(?P<date>(?<!\d)(?:{'|'.join(_DATE_FORMS.values())})(?!\d))|(?P<time>(?<!\d){_TIME_PATTERN}(?![\d.:]))|"
    rf"(?P<number>\d+(?:[.,]\d+)*)|(?P<name>[{UPPER_LETTERS}][^\W\d_]*(?:['’.-][^\W\d_]+)*)|"
    r"(?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*)|(?P<sign>\S)"
)
_KIND_PATTERNS: dict[str, str] = {
    "url": r"(?:https?://|www\.)[^ ]{3,300}",
    "mail": r"[\w.+-]{1,60}@[\w.-]{3,80}",
    "time": r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?",
}
_NAME_PATTERN = r"\p{Lu}[\p{L}\p{M}.'’-]*"
_ANY_WORD_PATTERN = r"[\p{L}\p{M}'’-]+"


class Token(Struct, frozen=True):
    """A word, number or sign of a line, and whether a space stands before it."""

    kind: TokenKind
    text: str
    spaced: bool

    @property
    def same(self) -> str:
        """What tokens of several lines must have in common to stand for each other."""
        return f"<{self.kind}>" if self.kind in ("url", "mail", "date", "time", "number") else self.plain

    @property
    def plain(self) -> str:
        """The text, whatever its case and quotes."""
        return self.text.translate(_TYPOGRAPHY_TABLE).casefold()


def tokenize_line(line: str) -> list[Token]:
    """The tokens of a line."""
    found = []
    for match in _TOKEN_PATTERN.finditer(line):
        kind: Any = match.lastgroup
        found.append(Token(kind, match[0], match.start() > 0 and line[match.start() - 1].isspace()))
    return found


# ---------------------------------------------------------------- patterns


def propose_patterns(
    examples: Sequence[str], keeps: Sequence[str] = (), site: bool = False, fixed: bool = False
) -> tuple[str, ...]:
    """One anchored pattern for each line of the examples, which matches all of them; with `fixed`, nothing else.

    It matches none of `keeps`, and unless it is for one site, no sentence of the baseline of clean prose.  Raises
    `RuleError` where there is no such pattern, and says why.
    """
    rows = [[line.strip() for line in example.split("\n") if line.strip()] for example in dict.fromkeys(examples)]
    if not rows or not all(rows):
        raise RuleError("an example is empty; paste the lines that are to go")
    if len({len(row) for row in rows}) > 1:
        raise RuleError("the examples differ in their number of lines; paste examples of one kind, one at a time")
    refusal = RuleError("")
    for narrow in (2,) if fixed else (0, 1, 2):
        try:
            patterns = tuple(_build_pattern(column, narrow) for column in zip(*rows, strict=True))
            _check_patterns(patterns, rows, keeps, site)
            return patterns
        except RuleError as error:
            refusal = error if not refusal.args[0] else refusal
    raise refusal


def _check_patterns(patterns: Sequence[str], rows: Sequence[Sequence[str]], keeps: Iterable[str], site: bool) -> None:
    """Raises `RuleError` for patterns that miss an example, or hit what must stay."""
    match = [Automaton([expand_unicode_classes(pattern)], SINGLE_AUTOMATON_BYTES).match for pattern in patterns]

    def hits(lines: Sequence[str]) -> bool:
        return any(
            all(ask(lines[at + i].encode("utf-8", "replace")) is not None for i, ask in enumerate(match))
            for at in range(len(lines) - len(match) + 1)
        )

    for row in rows:
        if not hits(row):
            raise RuleError(f"no pattern was found that matches {' / '.join(row)!r}; write the rule by hand")
    for keep in keeps:
        if hits([line.strip() for line in keep.split("\n") if line.strip()]):
            raise RuleError(
                f"what is to go cannot be told from what is to stay: {keep!r}; add longer examples, "
                "with a line before or behind"
            )
    for sentence in () if site else load_prose():
        if hits([sentence]):
            raise RuleError(
                f"the pattern would drop the sentence {sentence!r} of an article; name the site it is "
                "for, or add longer examples"
            )


def _build_pattern(lines: Sequence[str], narrow: int) -> str:
    """The pattern of one line of the examples: with free room, with only the room they take, or of these lines only."""
    different = list(dict.fromkeys(lines))
    if narrow == 2 and len(different) <= MAX_LISTED_LINES:
        written = [_escape_tokens([one]) for one in (tokenize_line(line) for line in different)]
        return f"^{written[0]}$" if len(written) == 1 else f"^(?:{'|'.join(written)})$"
    rows = [tokenize_line(line) for line in different]
    pieces, room, letters = [], "", 0
    for column in _merge_rows(rows):
        if isinstance(column, list):
            piece, wide = _build_gap(column, narrow)
            room = "free" if "free" in (room, wide) else room or wide
        else:
            piece, fixed = _build_anchor(column, narrow)
            letters += fixed
        pieces.append(piece)
    dated = any(token.kind in ("date", "time", "url", "mail") for token in rows[0])
    if (
        letters < MIN_FIXED_LETTERS[room]
        and not (dated and not room)
        and not (different[0][0] in "©#@" and room != "free")
    ):
        raise RuleError(
            f"the examples have too few words in common ({letters} letters) to tell such a line from others; "
            "paste more lines of the same kind, or a line before or behind along with each"
        )
    return f"^{''.join(pieces)}$"


def _merge_rows(rows: Sequence[list[Token]]) -> Iterator[tuple[Token, ...] | list[list[Token]]]:
    """Tokens that all rows share, one of each row, and between them what differs, a list of tokens for each row."""
    common = [token.same for token in rows[0]]
    for row in rows[1:]:
        common = _find_common_subsequence(common, [token.same for token in row])
    for _ in range(2):
        places = [_find_places(common, [token.same for token in row]) for row in rows]
        common = [same for i, same in enumerate(common) if not _is_stray(i, common, places, rows)]
    places = [_find_places(common, [token.same for token in row]) for row in rows]
    before = [-1] * len(rows)
    for number in range(len(common) + 1):
        here = [place[number] if number < len(common) else len(row) for place, row in zip(places, rows, strict=True)]
        gap = [row[first + 1 : last] for row, first, last in zip(rows, before, here, strict=True)]
        if any(gap):
            yield gap
        if number < len(common):
            yield tuple(row[at] for row, at in zip(rows, here, strict=True))
        before = here


def _is_stray(i: int, common: Sequence[str], places: Sequence[Sequence[int]], rows: Sequence[Sequence[Token]]) -> bool:
    """Whether a short word or sign that all rows share stands between parts that differ: it is shared by chance."""
    same = common[i]
    if len(same) > 4 or same[0] == "<" or len(rows) == 1 or not (same.isalnum() or same in ",.'\"-"):
        return False
    after = any(
        (place[i + 1] if i + 1 < len(place) else len(row)) > place[i] + 1
        for place, row in zip(places, rows, strict=True)
    )
    ahead = any(place[i] > (place[i - 1] + 1 if i else 0) for place in places)
    return after and ahead


def _find_common_subsequence(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """The longest common subsequence, words weighing more than signs."""
    best = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(other) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            if one[i] == other[j]:
                best[i][j] = max(best[i][j], best[i + 1][j + 1] + min(len(one[i]), 6) + 1)
    found, i, j = [], 0, 0
    while i < len(one) and j < len(other):
        if one[i] == other[j] and best[i][j] == best[i + 1][j + 1] + min(len(one[i]), 6) + 1:
            found.append(one[i])
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _find_places(common: Sequence[str], row: Sequence[str]) -> list[int]:
    """Where a subsequence stands in a row, each part as early as can be."""
    places, at = [], -1
    for same in common:
        at = row.index(same, at + 1)
        places.append(at)
    return places


def _build_space_pattern(group: Iterable[Token]) -> str:
    spaced = {token.spaced for token in group}
    return " ?" if len(spaced) > 1 else " " if True in spaced else ""


def _build_anchor(column: Sequence[Token], narrow: int) -> tuple[str, int]:
    """The pattern of a token that all rows have, and how many letters it fixes."""
    kind, texts = column[0].kind, {token.text for token in column}
    if kind in ("url", "mail", "date", "time", "number") and (len(texts) > 1 or (len(column) == 1 and not narrow)):
        return _build_space_pattern(column) + _choose_class(kind, sorted(texts)), 0
    letters = sum(map(str.isalpha, column[0].text))
    if len(texts) == 1 or len({token.text.translate(_TYPOGRAPHY_TABLE) for token in column}) == 1:
        return _build_space_pattern(column) + _escape_text(column[0].text), letters
    return f"{_build_space_pattern(column)}(?i:{_escape_text(column[0].text)})", letters


def _choose_class(kind: TokenKind, texts: Sequence[str]) -> str:
    if kind == "number":
        sizes = {len(text) for text in texts}
        if not all(text.isdigit() for text in texts):
            return rf"[\d.,]{{1,{max(sizes) + 3}}}"
        if sizes == {4} and all(text[:2] in ("19", "20") for text in texts):
            return r"\d{4}"
        return rf"\d{{1,{-(-max(sizes) // 2) * 2 + (2 if max(sizes) < 3 else 0)}}}"
    if kind == "date":
        forms = [form for form, known in _DATE_FORMS.items() if any(re.fullmatch(known, text) for text in texts)]
        return forms[0] if len(forms) == 1 else f"(?:{'|'.join(forms)})"
    return _KIND_PATTERNS[kind]


def _build_gap(column: Sequence[list[Token]], narrow: int) -> tuple[str, str]:
    """The pattern of what differs from row to row, and how wide it is: `free`, `name`, or nothing of the kind."""
    filled = [run for run in column if run]
    space = _build_space_pattern(run[0] for run in filled)
    flat = [token for run in filled for token in run]
    kinds = {token.kind for token in flat}
    if len(kinds) == 1 and all(len(run) == 1 for run in filled) and kinds <= {*_KIND_PATTERNS, "number", "date"}:
        piece, wide = _choose_class(flat[0].kind, [token.text for token in flat]), ""
    elif kinds <= {"sign"} and all(len(run) == 1 for run in filled):
        piece, wide = f"[{''.join(sorted(re.escape(token.text) for token in {t.text: t for t in flat}.values()))}]", ""
    elif _is_all_names(filled):
        most = max(map(len, filled)) - 1 + (not narrow)
        least = min(map(len, filled)) - 1 if narrow else 0
        piece = _NAME_PATTERN + (rf"(?: (?:\p{{Ll}}{{1,3}} ){{0,2}}{_NAME_PATTERN}){{{least},{most}}}" if most else "")
        wide = "name"
    elif kinds <= {"name", "word"} and max(map(len, filled)) <= 3 and all(t.spaced for run in filled for t in run[1:]):
        most = max(map(len, filled)) - 1
        piece, wide = _ANY_WORD_PATTERN + (f"(?: {_ANY_WORD_PATTERN}){{0,{most}}}" if most else ""), "free"
    else:
        sizes = [len(_join_tokens(run)) for run in filled]
        least, most = (min(sizes), max(sizes)) if narrow else (max(1, min(sizes) // 2), -(-max(sizes) * 3 // 20) * 10)
        piece, wide = f".{{{least},{min(most, MAX_FREE_CHARS)}}}", "free"
    if len(filled) < len(column):
        return f"(?:{space}{piece})?", wide
    return space + piece, wide


def _is_all_names(runs: Sequence[Sequence[Token]]) -> bool:
    """Whether each run is of capitalised words with spaces between, a short small one among them at most."""
    return all(
        run[0].kind == "name"
        and len(run) <= 5
        and all(token.spaced for token in run[1:])
        and all(token.kind == "name" or (token.kind == "word" and len(token.text) <= 3) for token in run)
        and run[-1].kind == "name"
        for run in runs
    )


def _join_tokens(run: Sequence[Token]) -> str:
    return "".join((" " if token.spaced and i else "") + token.text for i, token in enumerate(run))


def _escape_tokens(rows: Sequence[Sequence[Token]]) -> str:
    """Just these tokens, their quotes and dashes in any form."""
    return "".join((" " if token.spaced else "") + _escape_text(token.text) for token in rows[0])


_SPECIAL_CHARS = frozenset(r"\.+*?()[]{}|^$")
_VARIANT_CLASSES = {form: f"[{forms}]" for forms in ("'’‘´`", '"“”„«»', "–—‑−-") for form in forms}


def _escape_text(text: str) -> str:
    r"""The text as a pattern, with quotes and dashes in any form; only what is a sign to RE2 has a `\`."""
    return "".join("\\" + char if char in _SPECIAL_CHARS else _VARIANT_CLASSES.get(char, char) for char in text)


def build_exact_patterns(text: str) -> tuple[str, ...]:
    """One pattern for each line of a text that matches it and nothing else."""
    lines = (line.strip() for line in text.split("\n"))
    return tuple("^" + "".join("\\" + c if c in _SPECIAL_CHARS else c for c in line) + "$" for line in lines if line)


# ---------------------------------------------------------------- rules


class Draft(Struct, frozen=True, kw_only=True):
    """A rule that is to be written: what it is about, and its proof."""

    role: str
    why: str
    match: tuple[str, ...]
    examples: tuple[str, ...]
    keeps: tuple[str, ...]
    site: str = ""
    where: str = ""
    action: Literal["drop", "keep"] = "drop"


@cache
def _load_sentences() -> dict[str, list[str]]:
    path = Path(__file__).parents[1] / "rules" / "prose.toml"
    table: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return table


def pick_clean_sentence(near: str, language: str = "") -> str:
    """The sentence of the baseline of clean prose that has most words in common with this text."""
    sentences = _load_sentences().get(language) or [one for some in _load_sentences().values() for one in some]
    words = set(near.casefold().split())
    return max(sentences, key=lambda sentence: len(words & set(sentence.casefold().split())))


def make_slug(text: str) -> str:
    """A few words of a text as they may stand in a rule's id."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z]+", re.sub(r"https?://\S+|['`]", "", plain))
    return "-".join(word for word in words[:4])[:40].strip("-") or "line"


def normalize_host(site: str) -> str:
    """A host name as rules name a site."""
    return site.lower().removeprefix("www.")


@cache
def _load_shipped_ids() -> frozenset[str]:
    return frozenset(rule.id for rule in load(prove=False).rules)


def write_rules(drafts: Sequence[Draft], to: Path) -> list[str]:
    """Add these rules to a rule file, and return their ids; what stands there stays as it is.

    Raises `RuleError` where the file would not load or a rule does not prove itself, and `WriteError`; the file is
    then as it was.
    """
    old = to.read_text(encoding="utf-8") if to.is_file() else ""
    pack = read_pack(to) if old else RulePack()
    taken = {*_load_shipped_ids(), *(str(table.get("id")) for table in pack.rule)}
    made, ids = [], []
    for draft in drafts:
        id = _choose_id(draft, taken)
        taken.add(id)
        ids.append(id)
        made.append(_format_table(id, draft))
    text = old.rstrip("\n") + "\n" if old else f"# Rules of our own, written by `cleaner rules` into {to.name}.\n"
    text += "".join(f"\n{table}" for table in made)
    try:
        whole = msgspec.convert(tomllib.loads(text), RulePack)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RuleError(f"{to}: cannot take another [[rule]] table: {error}; write its rules as [[rule]]") from error
    prove_pack(PackFile(to, whole))
    with Part(to) as part:
        part.write(text.encode())
        part.commit()
    return ids


def mark_draft(draft: Draft) -> tuple[object, ...]:
    """What a rule does, to which lines, and where."""
    return draft.action, draft.match, draft.site


def read_marks(to: Path) -> set[tuple[object, ...]]:
    """The marks of the rules of a file, as far as it is there."""
    pack = read_pack(to) if to.is_file() else RulePack()
    found: set[tuple[object, ...]] = set()
    for table in pack.rule:
        match, sites = table.get("match", ()), table.get("sites", ()) or ("",)
        if isinstance(match, list):
            found.update((table.get("action", "drop"), tuple(match), site) for site in sites)
    return found


def _choose_id(draft: Draft, taken: Collection[str]) -> str:
    action = "keep" if draft.action == "keep" else draft.role
    base = f"{draft.site or 'own'}.{action}.{make_slug(draft.examples[0])}"
    id, number = base, 1
    while id in taken:
        number += 1
        id = f"{base}-{number}"
    return id


def _format_table(id: str, draft: Draft) -> str:
    """A rule as TOML."""
    rule = tomlkit.table()
    values: Mapping[str, Any] = {
        "id": id,
        "why": draft.why,
        "role": draft.role,
        "action": draft.action if draft.action == "keep" else "",
        "sites": [draft.site] if draft.site else "",
        "where": draft.where,
    }
    for name, value in values.items():
        if value:
            rule[name] = value
    for name, texts in (("match", draft.match), ("examples", draft.examples), ("keeps", draft.keeps)):
        array = tomlkit.array()
        for text in texts:
            array.append(_format_string(text, name == "match"))
        if sum(map(len, texts)) > 100 and len(texts) > 1:
            array.multiline(True)
        rule[name] = array
    tables = tomlkit.aot()
    tables.append(rule)
    document = tomlkit.document()
    document["rule"] = tables
    return tomlkit.dumps(document)


def _format_string(text: str, literal: bool) -> Any:
    """A string of TOML: a pattern in 'single quotes', where a backslash needs no escape."""
    if literal and "'''" not in text and not text.endswith("'") and text.isprintable():
        return tomlkit.string(text, literal=True, multiline="'" in text)
    return tomlkit.string(text)


def group_alike(texts: Iterable[str]) -> list[list[str]]:
    """The texts in groups of the same template, or of nearly the same words."""
    groups: list[list[str]] = []
    for text in dict.fromkeys(texts):
        for group in groups:
            if _is_alike(text, group[0]):
                group.append(text)
                break
        else:
            groups.append([text])
    return groups


def _is_alike(one: str, other: str) -> bool:
    ones, others = one.split("\n"), other.split("\n")
    if len(ones) != len(others):
        return False
    for line, against in zip(ones, others, strict=True):
        if derive_templates(line) == derive_templates(against) or (
            (names := derive_templates(line)[1]) and names == derive_templates(against)[1]
        ):
            continue
        if build_match_key(line) == build_match_key(against):
            continue
        words, known = line.casefold().split(), against.casefold().split()
        shared = sum(a == b for a, b in zip(words, known, strict=False))
        if shared * 2 < max(len(words), len(known)):
            return False
    return True
