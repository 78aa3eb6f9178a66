"""Decisions of a reviewer in, proven rules out: what was wrongly dropped is kept, what was marked becomes a rule."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from cleaner.document import ARTICLE_ROLES, ROLES
from cleaner.errors import ReadError, RuleError
from cleaner.io.toml import TOMLDecodeError, parse_toml
from cleaner.readers.own_records import find_articles, verify_articles
from cleaner.record import Article
from cleaner.settings import UnknownName, require_known
from cleaner.text.repair.steps import mend_lines
from cleaner.text.shape import build_match_key
from cleaner.text.urls import parse_site
from cleaner.workbench.propose import pick_clean_sentence, propose_patterns
from cleaner.workbench.templates import group_alike
from cleaner.workbench.tokens import build_exact_patterns
from cleaner.workbench.write import Draft, read_marks, write_rules

SCHEMA_VERSION = 1
"""The version of the file of decisions."""

MAX_SHOWN_CHARS = 60
"""Characters of a decision's line that a message shows; of a longer line it shows the beginning."""

MAX_KEPT_EXAMPLES = 2
"""Rejected lines of a site that become keeps of a rule for it; all of them are tested against its patterns."""

DROPPABLE_ROLES = ROLES - ARTICLE_ROLES
"""Roles that a rule which drops lines can give them."""

SAVE_AGAIN = "save it from the page again"
"""The cure for a file that the page cannot have written."""


class Decision(Struct, frozen=True, forbid_unknown_fields=True):
    """What was decided on a line: `text` is how it read before it was dropped, or as it is kept.

    The verdict `accept` is for lines that are well as they are, `reject` for lines wrongly dropped, `rule` for lines
    that are to go.  `start` and `end` are code points of the source as read; `rule` and `role` are those of the edit,
    and for the verdict `rule` the role is the one that is wanted.
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
        """The host of the document's url as rules name it, or ""."""
        return parse_site(self.url)

    def refuse(self, why: str) -> str:
        """The message that this decision is refused for a reason, which ends with the cure."""
        line = self.text if len(self.text) <= MAX_SHOWN_CHARS else self.text[: MAX_SHOWN_CHARS - 1] + "…"
        return f"{self.document}: {line!r}: {why}"


class Decisions(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of decisions as written: TOML with its version and a table `[[decision]]` for each."""

    schema_version: int
    decision: tuple[Decision, ...] = ()


class Applied(Struct, frozen=True):
    """What became of decisions.

    The ids of the rules that were written, why each decision that was refused was, how many lines were accepted as
    they are, and of how many decisions the rule stood there already.
    """

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
    refused: list[str] = []
    valid = [one for one in _read_decisions(decisions) if _is_valid(one, refused)]
    if articles is not None:
        valid = _select_current(valid, articles, refused)
    drafts = [*_propose_exceptions(valid), *_propose_rules(valid, refused)]
    known = read_marks(to)
    new = [draft for draft in drafts if draft.mark not in known]
    written = _write_possible(new, to, refused)
    accepted = sum(one.verdict == "accept" for one in valid)
    return Applied(tuple(written), tuple(refused), accepted, len(drafts) - len(new))


def _write_possible(drafts: Sequence[Draft], to: Path, refused: list[str]) -> list[str]:
    """Write the drafts, and return the ids; where they cannot be written together, one by one, and refuse some."""
    if not drafts:
        return []
    try:
        return write_rules(drafts, to)
    except RuleError:
        if to.is_file():
            write_rules([], to)  # raises for a file that is wrong already, which is no decision's fault
    written: list[str] = []
    for draft in drafts:
        try:
            written += write_rules([draft], to)
        except RuleError as error:
            refused.append(f"{draft.examples[0]!r}: {error}")
    return written


# ---------------------------------------------------------------- reading


def _read_decisions(path: Path) -> tuple[Decision, ...]:
    """The decisions of a file; raises `ReadError`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error}; decisions are TOML in UTF-8") from error
    return decode_decisions(data, str(path))


def decode_decisions(data: bytes, name: str) -> tuple[Decision, ...]:
    """The decisions in the bytes of a file of this name; raises `ReadError`."""
    try:
        made = msgspec.convert(parse_toml(data.decode("utf-8")), Decisions)
    except (UnicodeDecodeError, TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise ReadError(f"{name}: not a file of decisions, which is TOML in UTF-8: {error}; {SAVE_AGAIN}") from error
    if made.schema_version != SCHEMA_VERSION:
        raise ReadError(
            f"{name}: its schema_version is {made.schema_version}, and {SCHEMA_VERSION} is read here; make "
            f"the report again with this version of cleaner, and {SAVE_AGAIN}"
        )
    return made.decision


def parse_decisions(data: bytes, name: str) -> tuple[Decision, ...]:
    """The same, for what a page has sent: also raises `ReadError` for an empty span and a role that there is not."""
    found = decode_decisions(data, name)
    for number, one in enumerate(found, 1):
        try:
            require_known("", "role", [one.role], sorted(ROLES))
        except UnknownName as error:
            raise ReadError(f"{name}: decision {number}: {error}; {SAVE_AGAIN}") from None
        if not 0 <= one.start < one.end:
            raise ReadError(f"{name}: decision {number}: its span is empty; {SAVE_AGAIN}")
    return found


def _is_valid(one: Decision, refused: list[str]) -> bool:
    """Whether a decision makes sense by itself; if not, why not goes to `refused`."""
    wrong = ""
    if one.verdict != "accept" and not one.text.strip():
        wrong = "its line is empty; decide on it in the report again"
    elif one.verdict == "rule" and one.role not in DROPPABLE_ROLES:
        roles = ", ".join(sorted(DROPPABLE_ROLES))
        wrong = f"lines of the role {one.role!r} cannot be dropped; choose one of: {roles}"
    if wrong:
        refused.append(one.refuse(wrong))
    return not wrong


# ---------------------------------------------------------------- versions


def _select_current(made: Iterable[Decision], articles: Path, refused: list[str]) -> list[Decision]:
    """The decisions on these versions of the articles; why others are not goes to `refused`.  Raises `ReadError`."""
    wanted: defaultdict[str, list[Decision]] = defaultdict(list)
    for one in made:
        wanted[one.document].append(one)
    valid: list[Decision] = []
    for file in find_articles(articles):
        for article, _, source in verify_articles(file):
            for one in wanted.pop(article.id, ()):
                wrong = _find_outdated(one, article, source)
                if wrong:
                    refused.append(one.refuse(f"{wrong}; make the report again and decide anew"))
                else:
                    valid.append(one)
    missing = f"there is no such document in {articles}"
    refused += (one.refuse(missing) for several in wanted.values() for one in several)
    return valid


def _find_outdated(one: Decision, article: Article, source: str) -> str:
    """Why a decision is on another version of its document, or ""."""
    if one.text_sha256 != article.hashes.text:
        return "the article reads otherwise now than when this was decided"
    return "" if _is_in_place(one, article, source) else f"does not stand at {one.start}-{one.end} of its source"


def _is_in_place(one: Decision, article: Article, source: str) -> bool:
    """Whether the line of a decision is what stands at its place: as the article reads, or as its source does.

    The source is compared by letters and digits only, as it is and mended: a dropped line is shown as it was mended.
    """
    if not 0 <= one.start < one.end <= len(source):
        return False
    if any(passage.start == one.start and passage.text == one.text for passage in article.blocks):
        return True
    there = source[one.start : one.end].strip()
    mended = (one.text for one in mend_lines([there], language=article.language))
    return build_match_key(one.text) in map(build_match_key, (there, *mended))


# ---------------------------------------------------------------- rules


def _propose_exceptions(made: Iterable[Decision]) -> Iterator[Draft]:
    """A rule that keeps it for each line that should not have been dropped, once for each site."""
    first: dict[tuple[str, str], Decision] = {}
    for one in made:
        if one.verdict == "reject":
            first.setdefault((one.site, one.text), one)
    for one in first.values():
        sentence = pick_clean_sentence(one.text, one.language)
        yield Draft(
            role=one.role if one.role in ARTICLE_ROLES else "paragraph",
            why=f"Belongs to the article, whatever {one.rule or 'a rule'} says of it.",
            match=build_exact_patterns(one.text),
            examples=(one.text,),
            keeps=(sentence if sentence != one.text else f"{sentence} {sentence}",),
            site=one.site,
            action="keep",
        )


def _propose_rules(made: Sequence[Decision], refused: list[str]) -> Iterator[Draft]:
    """A rule for the lines of one role and site that are alike and are to go; why there is none goes to `refused`.

    No pattern matches a line that was rejected at the site; the first of those are its keeps.
    """
    groups: defaultdict[tuple[str, str], list[Decision]] = defaultdict(list)
    for one in made:
        if one.verdict == "rule":
            groups[one.site, one.role].append(one)
    for (site, role), several in groups.items():
        languages = {one.text: one.language for one in reversed(several)}
        stays = [one.text for one in made if one.verdict == "reject" and one.site == site]
        for texts in group_alike(one.text for one in several):
            try:
                match = propose_patterns(texts, stays, bool(site))
            except RuleError as error:
                refused.append(f"{texts[0]!r}: {error}")
                continue
            yield Draft(
                role=role,
                why=f"Marked as {role} in a review.",
                match=match,
                examples=tuple(texts),
                keeps=(*stays[:MAX_KEPT_EXAMPLES], pick_clean_sentence(texts[0], languages[texts[0]])),
                site=site,
            )
