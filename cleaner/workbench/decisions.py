"""Decisions of a reviewer in, proven rules out: what was wrongly dropped is kept, what was marked becomes a rule."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from cleaner.document import ARTICLE_ROLES, ROLES
from cleaner.errors import ReadError, RuleError
from cleaner.readers.own_records import verify_articles
from cleaner.record import Article
from cleaner.text.repair import mend_lines
from cleaner.text.shape import build_match_key
from cleaner.text.urls import parse_host
from cleaner.workbench.propose import pick_clean_sentence, propose_patterns
from cleaner.workbench.templates import group_alike
from cleaner.workbench.tokens import build_exact_patterns
from cleaner.workbench.write import Draft, normalize_host, read_marks, write_rules

SCHEMA_VERSION = 1
"""The version of the file of decisions."""


class Decision(Struct, frozen=True, forbid_unknown_fields=True):
    """What was decided on a line: `text` is how it read before it was dropped, or as it is kept.

    `start` and `end` are code points of the source as read; `rule` and `role` are those of the edit, and for the
    verdict `rule` the role is the one that is wanted.
    """

    verdict: Literal["accept", "reject", "rule"]
    document: str
    text_sha256: str
    start: int
    end: int
    text: str
    rule: str = ""
    role: str = ""
    language: str = ""
    url: str = ""

    @property
    def site(self) -> str:
        """The host of the document's url, or nothing."""
        return normalize_host(parse_host(self.url))


class Decisions(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of decisions as written."""

    schema_version: int
    decision: tuple[Decision, ...] = ()


class Applied(Struct, frozen=True):
    """The ids of the rules that were written, why each decision that was refused was, how many lines were accepted as
    they are, and of how many decisions the rule stood there already."""

    written: tuple[str, ...]
    refused: tuple[str, ...]
    accepted: int
    standing: int


def apply_decisions(decisions: Path, to: Path, articles: Path | None = None) -> Applied:
    """Turn decisions into proven rules, added to the rule file `to`.

    A rejected line gets a rule that keeps it, at its document's site where that has a url; marked lines of one role
    and site that are alike get one rule that drops them.  With `articles`, a file or folder that a run has written, a
    decision on another version of a document is refused; the others are applied.  Raises `ReadError` for decisions or
    articles that cannot be read, `RuleError` for a rule file that cannot take more, and `WriteError`.
    """
    made = _read_decisions(decisions)
    refused: list[str] = []
    valid = [one for one in made if _is_valid(one, refused)]
    if articles is not None:
        valid = _select_current(valid, articles, refused)
    drafts = [*_propose_exceptions(valid), *_propose_rules(valid, refused)]
    known = read_marks(to)
    new = [draft for draft in drafts if draft.mark not in known]
    written: list[str] = []
    if new:
        try:
            written = write_rules(new, to)
        except RuleError:
            written = _write_one_by_one(new, to, refused)
    accepted = sum(one.verdict == "accept" for one in valid)
    return Applied(tuple(written), tuple(refused), accepted, len(drafts) - len(new))


def _write_one_by_one(drafts: Iterable[Draft], to: Path, refused: list[str]) -> list[str]:
    """Write what can be, where the drafts cannot be written all together."""
    if to.is_file():
        write_rules([], to)  # a file that is wrong already is no decision's fault
    written: list[str] = []
    for draft in drafts:
        try:
            written += write_rules([draft], to)
        except RuleError as error:
            refused.append(f"{draft.examples[0]!r}: {error}")
    return written


# ---------------------------------------------------------------- reading


def _read_decisions(path: Path) -> tuple[Decision, ...]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error}; decisions are TOML in UTF-8") from error
    return decode_decisions(data, str(path))


def decode_decisions(data: bytes, name: str) -> tuple[Decision, ...]:
    """The decisions in the bytes of a file of this name; raises `ReadError`."""
    cure = "save it from the page again"
    try:
        made = msgspec.convert(tomllib.loads(data.decode("utf-8")), Decisions)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise ReadError(f"{name}: not a file of decisions, which is TOML in UTF-8: {error}; {cure}") from error
    if made.schema_version != SCHEMA_VERSION:
        raise ReadError(
            f"{name}: its schema_version is {made.schema_version}, and {SCHEMA_VERSION} is read here; make "
            f"the report again with this version of cleaner, and {cure}"
        )
    return made.decision


def _describe_decision(one: Decision) -> str:
    line = one.text if len(one.text) <= 60 else one.text[:59] + "…"
    return f"{one.document}: {line!r}"


def _is_valid(one: Decision, refused: list[str]) -> bool:
    """Whether a decision makes sense by itself."""
    if one.verdict == "accept":
        return True
    if not one.text.strip():
        refused.append(f"{_describe_decision(one)}: its line is empty; decide on it in the report again")
    elif one.verdict == "rule" and (one.role not in ROLES or one.role in ARTICLE_ROLES):
        roles = ", ".join(sorted(ROLES - ARTICLE_ROLES))
        refused.append(
            f"{_describe_decision(one)}: lines of the role {one.role!r} cannot be dropped; choose one of: {roles}"
        )
    else:
        return True
    return False


# ---------------------------------------------------------------- versions


def _select_current(made: Iterable[Decision], articles: Path, refused: list[str]) -> list[Decision]:
    """The decisions on these versions of the articles."""
    wanted: dict[str, list[Decision]] = defaultdict(list)
    for one in made:
        wanted[one.document].append(one)
    valid: list[Decision] = []
    for article, source in _read_articles(articles):
        for one in wanted.pop(article.id, ()):
            if one.text_sha256 != article.hashes.text:
                refused.append(
                    f"{_describe_decision(one)}: the article reads otherwise now than when this was decided; make the "
                    "report again and decide anew"
                )
            elif not _is_in_place(one, article, source):
                refused.append(
                    f"{_describe_decision(one)}: does not stand at {one.start}-{one.end} of its source; make the "
                    "report again and decide anew"
                )
            else:
                valid.append(one)
    for left in wanted.values():
        refused += (f"{_describe_decision(one)}: there is no such document in {articles}" for one in left)
    return valid


def _read_articles(path: Path) -> Iterator[tuple[Article, str]]:
    """The articles of a file, or of all such files of a folder, with their sources."""
    files = sorted(path.glob("*.articles.jsonl")) if path.is_dir() else [path]
    if not files:
        raise ReadError(f"{path}: holds no NAME.articles.jsonl; name the folder that cleaner run has written")
    for file in files:
        yield from ((article, source) for article, _, source in verify_articles(file))


def _is_in_place(one: Decision, article: Article, source: str) -> bool:
    """Whether the line of a decision is what stands at its place, as it reads or as its source does."""
    if not 0 <= one.start < one.end <= len(source):
        return False
    if any(passage.start == one.start and passage.text == one.text for passage in article.blocks):
        return True
    there = source[one.start : one.end].strip()
    mended = [text for _, _, text in mend_lines([there], language=article.language)]
    return any(build_match_key(one.text) == build_match_key(text) for text in (there, *mended))


# ---------------------------------------------------------------- rules


def _propose_exceptions(made: Iterable[Decision]) -> Iterator[Draft]:
    """A rule that keeps it for each line that should not have been dropped."""
    done: set[tuple[str, str]] = set()
    for one in made:
        if one.verdict == "reject" and (one.site, one.text) not in done:
            done.add((one.site, one.text))
            yield Draft(
                role=one.role if one.role in ARTICLE_ROLES else "paragraph",
                why=f"Belongs to the article, whatever {one.rule or 'a rule'} says of it.",
                match=build_exact_patterns(one.text),
                examples=(one.text,),
                keeps=(_pick_other_sentence(one.text, one.language),),
                site=one.site,
                action="keep",
            )


def _propose_rules(made: Iterable[Decision], refused: list[str]) -> Iterator[Draft]:
    """A rule for the lines of one role and site that are alike and are to go."""
    groups: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    stays: dict[str, list[str]] = defaultdict(list)
    for one in made:
        if one.verdict == "rule":
            groups[one.site, one.role].append(one)
        elif one.verdict == "reject":
            stays[one.site].append(one.text)
    for (site, role), several in groups.items():
        for texts in group_alike(one.text for one in several):
            spoken = next(one.language for one in several if one.text == texts[0])
            try:
                match = propose_patterns(texts, stays[site], bool(site))
            except RuleError as error:
                refused.append(f"{texts[0]!r}: {error}")
                continue
            yield Draft(
                role=role,
                why=f"Marked as {role} in a review.",
                match=match,
                examples=tuple(texts),
                keeps=(*stays[site][:2], pick_clean_sentence(texts[0], spoken)),
                site=site,
            )


def _pick_other_sentence(text: str, language: str) -> str:
    """A sentence that is not this text."""
    sentence = pick_clean_sentence(text, language)
    return sentence if sentence != text else f"{sentence} {sentence}"


def parse_decisions(data: bytes, name: str) -> tuple[Decision, ...]:
    """The decisions in the bytes of a file of this name, as the page writes them; raises `ReadError`."""
    found = decode_decisions(data, name)
    for number, one in enumerate(found, 1):
        if not 0 <= one.start < one.end or one.role not in ROLES:
            raise ReadError(
                f"{name}: decision {number}: its span is empty, or its role {one.role!r} is none; "
                "save it from the page again"
            )
    return found
