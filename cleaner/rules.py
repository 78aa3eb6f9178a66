"""Rules as data: TOML packs in, proven rules and their matches out.

A rule says which lines it is about (RE2 patterns, one a line), what those lines are (`role`), and proves itself with
examples that must match and keeps that must not.  `python -m cleaner.rules FILE ...` checks rule files.
"""

import hashlib
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Literal

import msgspec
import re2
from ahocorasick_rs import BytesAhoCorasick, Implementation
from msgspec import Struct

from cleaner.document import ROLES
from cleaner.errors import RuleError
from cleaner.screen import LONGEST, Screen, beginning, screens

MEMORY = 256 << 20
"""Bytes one RE2 set may use: a small limit makes large sets fail or crawl."""

REMEMBERED = 20_000
"""Short lines of which a run remembers the rules that match them."""

OPENING = 120
"""Characters at the beginning of a text in which a credit is looked for."""

FACTS = frozenset(
    "title kicker section tags authors reporting writing editing photography translation published modified agencies "
    "publisher copyright.holder copyright.year images.caption images.credit videos.caption dateline standfirst "
    "flags".split()
)
"""The record fields that a rule can fill with what it captures."""


LABELS = frozenset("byline credit timestamp agency kicker share navigation title tags contact dateline".split())
LONGEST_LABEL = 120
"""Roles of short lines, and the most characters of a line that a generic rule may give such a role."""


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table `[[rule]]` of a pack; see the README for what each key means."""

    id: str
    why: str
    role: str | tuple[str, ...]
    match: tuple[str, ...]
    examples: tuple[str, ...]
    keeps: tuple[str, ...]
    where: Literal["", "head", "tail"] = ""
    through: Literal["", "end", "prose"] = ""
    replace: str | None = None
    facts: dict[str, str] = {}
    languages: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    confidence: float = 1.0
    status: Literal["experimental", "stable", "deprecated"] = "stable"
    rev: int = 1
    until: date | None = None
    action: Literal["drop", "keep"] = "drop"
    pack: str = ""

    @property
    def roles(self) -> tuple[str, ...]:
        """The role of each line that the rule covers."""
        return (self.role,) * len(self.match) if isinstance(self.role, str) else self.role


class Hit(Struct, frozen=True):
    """Lines `first` to `last` (both included) match `rule`."""

    rule: Rule
    first: int
    last: int


class Pack(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule file as written."""

    rule: tuple[dict[str, Any], ...] = ()
    disable: tuple[str, ...] = ()
    extends: tuple[str, ...] | None = None
    agencies: dict[str, tuple[str, ...]] = {}
    picture_agencies: dict[str, tuple[str, ...]] = {}


# ---------------------------------------------------------------- patterns

_CLASSES = {"d": r"\p{Nd}", "w": r"\p{L}\p{M}\p{N}_", "s": r"\s\p{Z}"}
_ANCHORED = re.compile(r"(?:\(\?[imsU]+\))?\^.*(?<!\\)(?:\\\\)*\$", re.DOTALL)


@cache
def unicode_pattern(pattern: str) -> str:
    r"""The pattern with `\d`, `\w` and `\s` meaning all of Unicode, which RE2 reads as ASCII.

    Raises `ValueError` for `\b` and for `\D`, `\W`, `\S` inside brackets, which cannot be said in RE2.
    """
    out: list[str] = []
    inside = False
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\" and at + 1 < len(pattern):
            code = pattern[at + 1]
            if code in _CLASSES:
                out.append(_CLASSES[code] if inside or code == "d" else f"[{_CLASSES[code]}]")
            elif code.lower() in _CLASSES:
                if inside:
                    raise ValueError(f"\\{code} cannot stand inside [...]; write the class as [^...] of its own")
                out.append(f"[^{_CLASSES[code.lower()]}]")
            elif code in "bB":
                raise ValueError(f"\\{code} knows only ASCII words in RE2; anchor the pattern with ^ and $ instead")
            else:
                out.append(char + code)
            at += 2
            continue
        if inside and char == "]" and pattern[at - 1] != "[" and pattern[at - 2 : at] != "[^":
            inside = False
        elif not inside and char == "[":
            inside = True
        elif inside and pattern.startswith("[:", at):
            close = pattern.find(":]", at)
            if close > 0:
                out.append(pattern[at : close + 2])
                at = close + 2
                continue
        out.append(char)
        at += 1
    return "".join(out)


def options(memory: int = MEMORY) -> Any:
    """RE2's options: its own memory limit, and no messages of its own on the terminal."""
    made = re2.Options()
    made.max_mem = memory
    made.log_errors = False
    return made


_DIGIT = re.compile(r"\d")


def _fits(known: Screen, line: str, size: int) -> bool:
    """Whether a pattern could match a line of this size, for its length, its first sign, its spaces and digits."""
    return (
        known.shortest <= size <= known.longest
        and not (known.sign and line[0].isalnum())
        and (known.space or " " not in line)
        and (not known.digit or _DIGIT.search(line) is not None)
    )


_FOLDED = ("\u212a".encode(), "\u017f".encode())
"""The Kelvin sign and the long s, which are k and s to a pattern that ignores case."""


class Index:
    """Which patterns a line could match, asked by how it begins, what it holds and how long it is."""

    def __init__(self, patterns: Sequence[tuple[str, int]]) -> None:
        self._beginning: tuple[dict[str, list[int]], dict[str, list[int]]] = ({}, {})
        self.anywhere: tuple[list[int], list[int]] = ([], [])
        texts: dict[str, list[int]] = {}
        self._screens = screens(patterns)
        for number, known in enumerate(self._screens):
            for short in (False, True) if known.longest > LONGEST_LABEL else (True,):
                for start in known.starts or ():
                    self._beginning[short].setdefault(start, []).append(number)
                if not known.starts and not known.needles:
                    self.anywhere[short].append(number)
            for text in known.needles or () if not known.starts else ():
                texts.setdefault(text, []).append(number)
        self._lengths = sorted({len(start) for start in self._beginning[True]})
        forms = [(form, numbers) for text, numbers in texts.items() for form in _forms(text)]
        self._needles = BytesAhoCorasick([form for form, _ in forms], implementation=Implementation.DFA)
        self._numbers = [numbers for _, numbers in forms]

    def __call__(
        self, lines: Sequence[str], encoded: Sequence[bytes], zones: Sequence["Zone"]
    ) -> Iterator[tuple[int, list[int]]]:
        """Number of a line, and numbers of the patterns in its zone that it could match, in order; lines without any
        are left out."""
        text = b"\n".join(encoded).lower()
        if any(sign in text for sign in _FOLDED):
            text = "\n".join(lines).casefold().encode("utf-8", "replace")
        held = self._held(text)
        lengths, screens = self._lengths, self._screens
        for at, line in enumerate(lines):
            size = len(line)
            short = size <= LONGEST_LABEL
            begun, start = self._beginning[short], beginning(line)
            zone = zones[at]
            found = list(zone.anywhere[short])
            for length in lengths:
                if numbers := begun.get(start[:length]):
                    found += numbers
            if at in held:
                found += held[at]
            if found and (fit := [i for i in found if i in zone.allowed and _fits(screens[i], line, size)]):
                yield at, sorted(set(fit)) if len(fit) > 1 else fit

    def beginning_with(self, text: str) -> list[int]:
        """Numbers of the patterns whose beginning this text has."""
        start = beginning(text)
        return [number for length in self._lengths for number in self._beginning[True].get(start[:length], ())]

    def _held(self, text: bytes) -> dict[int, list[int]]:
        """For each line that holds needles, the numbers of their patterns."""
        held: dict[int, list[int]] = {}
        line, end = 0, text.find(b"\n")
        for form, start, _ in self._needles.find_matches_as_indexes(text, overlapping=True):
            while -1 < end < start:
                line, end = line + 1, text.find(b"\n", end + 1)
            held.setdefault(line, []).extend(self._numbers[form])
        return held


@cache
def _forms(text: str) -> tuple[bytes, ...]:
    """The bytes by which a needle shows in text whose ASCII letters are small: other letters stay in both cases."""
    both = [{char, char.upper(), char.lower()} if not char.isascii() else {char} for char in text]
    many = 0
    for at, forms in enumerate(both):
        many += len(forms) > 1
        if many > 3:
            both = both[:at]
            break
    return tuple("".join(chars).encode("utf-8", "replace") for chars in product(*map(sorted, both)))


_CAPITALISED = re.compile(r"(?<!\S)[^\s\W_](?<![a-zß-öø-ÿ])\S*")


def _ends(text: str, most: int) -> Iterator[int]:
    """Where the first words of a text end, as far as no small letter follows."""
    at = -1
    for _ in range(most):
        at = text.find(" ", at + 1)
        if at < 0:
            yield len(text)
            return
        if not text[at + 1 : at + 2].islower():
            yield at


class Zone:
    """The rules that are asked about the lines in one part of texts in one language, and what is remembered of these."""

    def __init__(self, allowed: Iterable[int], index: Index) -> None:
        self.allowed = frozenset(allowed)
        long, short = ([i for i in numbers if i in self.allowed] for numbers in index.anywhere)
        self.anywhere = (long, short)
        self.known: dict[str, Sequence[int]] = {}


class RuleSet:
    """All rules of a run, and the matching of lines against them."""

    def __init__(self, rules: Iterable[Rule], packs: Iterable[Pack] = ()) -> None:
        self.rules = tuple(rules)
        self.sha256 = hashlib.sha256(msgspec.json.encode(self.rules)).hexdigest()
        self.agencies: dict[str, str] = {}
        self.picture_agencies: dict[str, str] = {}
        for pack in packs:
            for table, forms in ((self.agencies, pack.agencies), (self.picture_agencies, pack.picture_agencies)):
                for name, others in forms.items():
                    table.update((form.casefold(), name) for form in (name, *others))
        self._patterns: dict[str, Any] = {}
        self._credit: Any = None
        self._matchers: dict[tuple[str, bool], Any] = {}
        self._special = [rule for rule in self.rules if rule.sites]
        self._by_site: dict[str, list[Rule]] = {}
        self._zones: dict[tuple[str, bool, bool], Zone] = {}
        self._generic = tuple(rule for rule in self.rules if not rule.sites)
        self._triggers = [_trigger(rule) for rule in self._generic]
        self._telling = [rule.match[t] for rule, t in zip(self._generic, self._triggers, strict=True)]
        self._index = Index([
            (unicode_pattern(pattern), LONGEST_LABEL if rule.roles[t] in LABELS else LONGEST)
            for rule, pattern, t in zip(self._generic, self._telling, self._triggers, strict=True)
        ])  # fmt: skip

    def zone(self, language: str, head: bool = True, tail: bool = True) -> Zone:
        """The rules without a site for lines in this language (all of them for an unknown one) that may stand there:
        before the first paragraph, or after the last."""
        key = (language, head, tail)
        if key not in self._zones:
            self._zones[key] = Zone(
                (
                    number for number, rule in enumerate(self._generic)
                    if (not language or not rule.languages or language in rule.languages)
                    and (head or rule.where != "head") and (tail or rule.where != "tail")
                ),
                self._index,
            )  # fmt: skip
        return self._zones[key]

    def pattern(self, text: str) -> Any:
        """The compiled RE2 of a pattern as written in a rule."""
        compiled = self._patterns.get(text)
        if compiled is None:
            compiled = self._patterns[text] = re2.compile(unicode_pattern(text), options())
        return compiled

    def hits(
        self, lines: Sequence[str], site: str = "", language: str = "", head: int | None = None, tail: int = 0
    ) -> Iterator[Hit]:
        """Every rule that matches a run of these non-blank lines, in the order of the lines, then of the rules.

        Rules for the head are asked only about lines before number `head`, those for the tail only from `tail` on.
        """
        end = len(lines) if head is None else head
        zones = [self.zone(language, at < end, at >= tail) for at in range(len(lines))]
        for at, numbers in self._matching(lines, zones):
            for i in numbers:
                rule, first = self._generic[i], at - self._triggers[i]
                if len(rule.match) == 1 or self._whole(rule, lines, first):
                    yield Hit(rule, first, first + len(rule.match) - 1)
        if site and self._special:
            for rule in self._at_site(site):
                for at in range(len(lines) - len(rule.match) + 1):
                    if self._whole(rule, lines, at):
                        yield Hit(rule, at, at + len(rule.match) - 1)

    def _matching(self, lines: Sequence[str], zones: Sequence[Zone]) -> Iterator[tuple[int, Sequence[int]]]:
        """Numbers of lines, and of the rules in their zones whose telling pattern matches them.

        Short lines are remembered: menus, labels and slogans come again on every page of a site.
        """
        fresh = [at for at, line in enumerate(lines) if len(line) <= LONGEST and line not in zones[at].known]
        found: dict[int, Sequence[int]] = {}
        if fresh:
            new = [lines[at] for at in fresh]
            encoded = [line.encode("utf-8", "replace") for line in new]
            for at, numbers in self._index(new, encoded, [zones[at] for at in fresh]):
                matching = [i for i in numbers if self._matches(self._generic[i], self._telling[i], encoded[at])]
                if matching:
                    found[fresh[at]] = matching
            for at in fresh:
                if len(lines[at]) <= LONGEST_LABEL:
                    known = zones[at].known
                    if len(known) >= REMEMBERED:
                        known.clear()
                    known[lines[at]] = found.get(at, ())
        for at, line in enumerate(lines):
            matched = found.get(at) or zones[at].known.get(line)
            if matched:
                yield at, matched

    def labels(self, text: str, language: str, longest: int) -> Iterator[tuple[int, int, Rule]]:
        """Labels that stand inside a text: start, end and rule of each, in order.

        A label is up to `longest` words that a rule of one line matches, from a capital to before the next capital.
        """
        zone = self.zone(language)
        done = 0
        for word in _CAPITALISED.finditer(text):
            start = word.start()
            if start < done:
                continue
            near = text[start : start + 12 * longest]
            rules = [
                self._generic[i] for i in self._index.beginning_with(near)
                if i in zone.allowed and len(self._generic[i].match) == 1
            ]  # fmt: skip
            for ending in _ends(near, longest) if rules else ():
                label = near[:ending].encode("utf-8", "replace")
                rule = next((rule for rule in rules if self._matches(rule, rule.match[0], label)), None)
                if rule:
                    done = start + ending
                    yield start, done, rule
                    break

    def knows(self, line: str, language: str) -> bool:
        """Whether a rule of one line matches this one."""
        return any(
            len(self._generic[i].match) == 1 for _, numbers in self._matching([line], [self.zone(language)]) for i in numbers
        )

    def opening_credit(self, text: str) -> int:
        """Where the credit ends with which a text opens (a name, a slash or bracket, an agency); 0 without one."""
        if self._credit is None:
            forms = sorted({*self.agencies, *self.picture_agencies}, key=len, reverse=True)
            names = "|".join(re2.escape(form) for form in forms if len(form) > 1) or "[^\\s\\S]"
            more = f"(?:[/ ,|]+(?:{names}|via|photo|images))*"
            self._credit = re2.compile(
                f"(?i)[^.!?…]{{0,50}}[/|(©] ?(?:{names}){more}[)\\]]?(?:[ ,.)|]|$)", options()
            )
        found = self._credit.match(text[:OPENING].encode("utf-8", "replace").decode())
        return found.end() if found else 0

    def _at_site(self, site: str) -> list[Rule]:
        if site not in self._by_site:
            self._by_site[site] = [
                rule for rule in self._special if any(site == s or site.endswith("." + s) for s in rule.sites)
            ]
        return self._by_site[site]

    def _whole(self, rule: Rule, lines: Sequence[str], first: int) -> bool:
        if first < 0 or first + len(rule.match) > len(lines):
            return False
        return all(
            self._matches(rule, pattern, lines[first + i].encode("utf-8", "replace"))
            for i, pattern in enumerate(rule.match)
        )

    def _matches(self, rule: Rule, pattern: str, line: bytes) -> bool:
        whole = not rule.sites
        matcher = self._matchers.get((pattern, whole))
        if matcher is None:
            matcher = re2.Set.FullMatchSet(options(2 << 20)) if whole else re2.Set.SearchSet(options(2 << 20))
            matcher.Add(unicode_pattern(pattern))
            matcher.Compile()
            self._matchers[pattern, whole] = matcher
        return bool(matcher.Match(line))

    def captured(self, rule: Rule, lines: Sequence[str]) -> Iterator[tuple[str, str, int]]:
        """The facts that a rule takes from the lines it matched: field, raw value, number of the line."""
        named = False
        for source, field in rule.facts.items():
            if field.startswith("="):
                yield source, field[1:], 0
            elif source.isdigit():
                yield field, lines[int(source)], int(source)
            else:
                named = True
        for i, pattern in enumerate(rule.match) if named else ():
            if "(?P<" in pattern:
                found = self.pattern(pattern).search(lines[i].encode("utf-8", "replace").decode())
                for source, value in found.groupdict().items() if found else ():
                    if value and source in rule.facts:
                        yield rule.facts[source], value.strip(), i


def _trigger(rule: Rule) -> int:
    """Which pattern of a sequence to look for first: one that says how its line begins, or what it holds."""
    if len(rule.match) == 1:
        return 0
    known = screens([(unicode_pattern(pattern), LONGEST) for pattern in rule.match])
    return min(range(len(known)), key=lambda i: (not known[i].starts, not known[i].needles, i))


# ---------------------------------------------------------------- loading


def shipped() -> Path:
    """The folder of the packs that come with `cleaner`."""
    installed = Path(__file__).parent / "packs"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "rules"


def load(files: Sequence[Path] = (), prove: bool = True) -> RuleSet:
    """The shipped packs and then these rule files; a later rule replaces an earlier one of the same id.

    When one of the files says `extends`, only the packs it names come before it.  With `prove`, these files must prove
    themselves.  Raises `RuleError` for anything
    that a rule file must not say, with the file, the rule and the cure.
    """
    own = [(path, read(path)) for path in files]
    named = [name for _, pack in own for name in pack.extends or ()]
    if any(pack.extends is not None for _, pack in own):
        base = [_pack_path(name, own[0][0]) for name in dict.fromkeys(named)]
    else:
        base = sorted(shipped().glob("*.toml")) + sorted(shipped().glob("sites/*.toml"))
    packs = [(path, read(path)) for path in base] + own
    rules: dict[str, Rule] = {}
    for path, pack in packs:
        # the shipped packs are proven by the tests: doing so again takes ten seconds
        for rule in _rules(path, pack, prove and not path.is_relative_to(shipped())):
            rules[rule.id] = rule
        for id in pack.disable:
            if rules.pop(id, None) is None:
                raise RuleError(f"{path}: disable names {id!r}, but no rule before it has that id; check its spelling")
    return RuleSet(rules.values(), [pack for _, pack in packs])


def read(path: Path) -> Pack:
    """A rule file as written; raises `RuleError` where it is not TOML, or has an unknown table."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert(table, Pack)
    except FileNotFoundError:
        raise RuleError(f"{path}: there is no such rule file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: cannot be read: {error}; a rule file is TOML in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        cure = "write patterns in 'single quotes', where a backslash needs no escape"
        raise RuleError(f"{path}: not valid TOML: {error}; {cure}") from error
    except msgspec.ValidationError as error:
        raise RuleError(f"{path}: {error}; a pack has rule, disable, extends, agencies, picture_agencies") from error


def _pack_path(name: str, beside: Path) -> Path:
    for path in (shipped() / f"{name}.toml", beside.parent / name, beside.parent / f"{name}.toml"):
        if path.is_file():
            return path
    known = ", ".join(sorted(path.stem for path in shipped().glob("*.toml")))
    raise RuleError(f"{beside}: extends names {name!r}, which is neither a file beside it nor one of: {known}")


def _rules(path: Path, pack: Pack, prove: bool) -> list[Rule]:
    """The rules of a pack, each checked on its own and by its examples."""
    rules: list[Rule] = []
    seen: set[str] = set()
    spoken = (path.stem,) if path.parent == shipped() and path.stem not in ("any", "en") else ()
    for number, table in enumerate(pack.rule, 1):
        name = table.get("id") or f"number {number}"
        try:
            rule = msgspec.convert({"languages": spoken, **table, "pack": path.stem}, Rule)
            if rule.id in seen:
                raise ValueError("this id stands twice in the file; rename one of the two")
            seen.add(rule.id)
            if prove:
                _check(rule)
        except (ValueError, msgspec.ValidationError) as error:
            raise RuleError(f"{path}: rule {name!r}: {error}") from error
        rules.append(rule)
    if prove:
        _prove(path, rules)
    return rules


def _check(rule: Rule) -> None:
    """Raises `ValueError` for what a single rule must not be."""
    if not rule.match:
        raise ValueError("match is empty; give one pattern a line")
    if len(rule.roles) != len(rule.match):
        raise ValueError(f"{len(rule.match)} patterns but {len(rule.roles)} roles; give one role for all, or one each")
    for role in rule.roles:
        if role not in ROLES:
            raise ValueError(f"there is no role {role!r}; the roles are {', '.join(sorted(ROLES))}")
    if not rule.examples or not rule.keeps:
        raise ValueError("a rule needs at least one example that matches and one keep that does not")
    for pattern in rule.match:
        if len(rule.match) == 1 and not rule.sites and not _ANCHORED.fullmatch(pattern):
            raise ValueError(f"{pattern!r} may hit inside prose; write ^...$ around it, or name the sites it is for")
    for source, field in rule.facts.items():
        constant = field.startswith("=")
        if (source if constant else field) not in FACTS:
            raise ValueError(f"facts: there is no field {source if constant else field!r}; fields: {sorted(FACTS)}")
        if not constant and source.isdigit() and int(source) >= len(rule.match):
            raise ValueError(f"facts: line {source} of a rule with {len(rule.match)} patterns; the first line is 0")
        if not constant and not source.isdigit() and not any(f"(?P<{source}>" in pattern for pattern in rule.match):
            raise ValueError(f"facts: no pattern has a group (?P<{source}>...)")


def _prove(path: Path, rules: Sequence[Rule]) -> None:
    """Raises `RuleError` where RE2 refuses a pattern, an example does not match, or a keep does."""
    for rule in rules:
        for pattern in rule.match:
            try:
                re2.compile(unicode_pattern(pattern), options())
            except (re2.error, ValueError) as error:
                what = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else error
                cure = "RE2 has no lookaround and no backreference; say it with another pattern, or a keep rule"
                raise RuleError(f"{path}: rule {rule.id!r}: pattern {pattern!r}: {what}; {cure}") from None
    proof = RuleSet(rules)
    for rule in rules:
        site = rule.sites[0] if rule.sites else ""
        for example in rule.examples:
            if not _matched(proof, rule, example, site):
                raise RuleError(f"{path}: rule {rule.id!r}: the example {example!r} does not match; mend one of them")
        for keep in rule.keeps:
            if _matched(proof, rule, keep, site):
                raise RuleError(f"{path}: rule {rule.id!r}: matches its own keep {keep!r}; narrow the pattern")


def _matched(rules: RuleSet, rule: Rule, text: str, site: str) -> bool:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return any(hit.rule is rule for hit in rules.hits(lines, site))


def outdated(rules: Iterable[Rule], today: date) -> list[Rule]:
    """The rules whose `until` lies before this day."""
    return [rule for rule in rules if rule.until and rule.until < today]


def main(paths: Mapping[int, str] | Sequence[str]) -> int:
    """Check rule files; prints one line each, returns 0 when all are right and 2 when one is not."""
    code = 0
    for path in map(Path, paths):  # type: ignore[arg-type]
        try:
            rules = _rules(path, read(path), prove=True)
            print(f"{path}: {len(rules)} rules, all proven")
        except RuleError as error:
            print(error)
            code = 2
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
