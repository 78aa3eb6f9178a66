"""All that can be said of rule files: what loading refuses, and what people should look at."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from itertools import chain, product
from operator import attrgetter
from pathlib import Path
from typing import Literal

from msgspec import Struct

from cleaner.errors import RuleError
from cleaner.rules.loading import combine_packs, select_outdated_rules
from cleaner.rules.match import RuleSet
from cleaner.rules.model import Rule
from cleaner.rules.packs import PackFile, collect_packs, read_pack_file, resolve_pack_names
from cleaner.rules.patterns import CompiledPattern
from cleaner.rules.proof import find_failed_proofs, group_by_language, load_prose, split_lines
from cleaner.rules.sign_files import find_sign_faults, holds_signs, parse_signs
from cleaner.rules.signs import Sign
from cleaner.rules.validate import Fault, find_unsound_rules, index_rules, parse_rules

MIN_WIDE_SENTENCES = 3
"""Beginnings of different sentences that a rule may match before it is called too wide; a rule for a site may match no
whole sentence."""

MIN_SENTENCE_WORDS = 9
"""Words of the sentences whose beginnings are tried: a beginning of a shorter one is most of it."""

BEGINNING_WORDS = (3, 5, 7)
"""Words of the beginnings of sentences that are tried on rules, as crossheads and titles have them."""

MAX_PROGRAM_INSTRUCTIONS = 150_000
"""Instructions of a pattern's program above which it is called slow: each takes memory, and time on every line."""

RemarkKind = Literal["refused", "expired", "replaced", "shadowed", "overlap", "wide", "slow"]
"""What is to be said of a rule.

`refused`: loading refuses it, the only kind that is an error.  `expired`: its date is past.  `replaced`: it takes the
place of another pack's rule of the same id.  `shadowed`: another rule goes first on all its examples, with the same
effect wherever it is asked.  `overlap`: another goes first on some, and means something else.  `wide`: it matches what
any article may say.  `slow`: its pattern's program is large.
"""

RuleRemark = tuple[Rule, RemarkKind, str]
"""A rule, and what is to be said of it."""


class Remark(Struct, frozen=True):
    """What is to be said of a rule of a file, or of the file where `rule` is empty; `line` is 0 where none is known."""

    path: str
    line: int
    rule: str
    kind: RemarkKind
    what: str


class CheckedCounts(Struct):
    """What was checked: rule files, their rules, and their examples and keeps."""

    packs: int = 0
    rules: int = 0
    texts: int = 0

    def add_file(self, size: int, read: Iterable[Rule | Sign]) -> None:
        """Counts a file of so many rules, and the texts that prove those of them that could be read."""
        self.packs += 1
        self.rules += size
        self.texts += sum(len(one.examples) + len(one.keeps) for one in read)


def lint_packs(
    given: Sequence[str | Path],
    extends: Sequence[str] | None,
    disable: Sequence[str],
    today: date,
    own: Callable[[PackFile], bool],
    checked: CheckedCounts,
    warn: bool = True,
) -> Iterator[Remark]:
    """All remarks on the packs among those loaded that are `own`: refusals first, then warnings with `warn`.

    `given`, `extends` and `disable` say what is loaded, as the settings do; what is not own is only read to be compared
    with.  `today` decides which rules are past their day.  Counts go to `checked`.
    """
    packs, refusals = _read_files(given)
    with _note_refusal(refusals):
        # without the files that cannot be read, those that they extend are looked for all the same
        packs = collect_packs([one.path for one in packs] if refusals else given, extends)
    remarks = list(map(_refuse, refusals))
    compiled: dict[str, CompiledPattern] = {}
    readable: list[tuple[PackFile, list[Rule]]] = []
    for one in packs:
        rules, faults = parse_rules(one.path, one.pack)
        if own(one):
            faults += find_unsound_rules(one.path, one.pack, rules, compiled)
            checked.add_file(len(one.pack.rule), rules)
        remarks += map(_refuse_rule, faults)
        bad = {fault.rule for fault in faults}
        readable.append((one, [rule for rule in rules if rule.id not in bad]))
    mine = [(one, rules) for one, rules in readable if own(one)]
    among = RuleSet(chain.from_iterable(rules for _, rules in (readable if warn else mine)), (), compiled)
    for one, rules in mine:
        remarks += (_build_remark(one, rule, "refused", what) for rule, what in find_failed_proofs(rules, among))
    if not remarks:
        clashes: list[str] = []
        with _note_refusal(clashes):
            combine_packs(packs, prove=False, disable=disable)
        remarks += map(_refuse, clashes)
    yield from remarks
    if warn:
        # a rule that drops sentences is not told as well that it matches their beginnings
        told = {(remark.path, remark.rule, "wide") for remark in remarks}
        warnings = _find_warnings(readable, among, compiled, own, today)
        yield from (remark for remark in warnings if (remark.path, remark.rule, remark.kind) not in told)


def split_sign_files(given: Sequence[str | Path]) -> tuple[list[str | Path], list[Path]]:
    """The names of rule files, and the files of those names that stand for signs of translation only.

    A folder with files of both kinds counts as rules, and so does a name that stands for no file: reading it says why.
    """
    rules: list[str | Path] = []
    signs: list[Path] = []
    for name in given:
        files = [path for path, _ in _find_files(name)]
        if files and all(map(_holds_signs, files)):
            signs += files
        else:
            rules.append(name)
    return rules, signs


def _holds_signs(path: Path) -> bool:
    """Whether a file holds signs of translation; not for one that cannot be read, of which `lint_packs` says why."""
    with suppress(RuleError, RecursionError):
        return holds_signs(path)
    return False


def lint_signs(files: Iterable[Path], checked: CheckedCounts) -> Iterator[Remark]:
    """All that loading refuses in files of signs of translation; counts of those that can be read go to `checked`.

    The examples of signs are tried only where the keys of a file are right.
    """
    for path in files:
        try:
            signs, faults = parse_signs(path)
        except RuleError as error:
            yield _refuse(str(error))
            continue
        checked.add_file(len(signs), signs)
        yield from map(_refuse_rule, faults or find_sign_faults(path, signs))


def _find_files(name: str | Path) -> list[tuple[Path, str]]:
    """The files that a name stands for, each with its package; none for a name that `lint_packs` refuses."""
    with suppress(RuleError):
        return resolve_pack_names([name])
    return []


def _read_files(given: Sequence[str | Path]) -> tuple[list[PackFile], list[str]]:
    """The rule files of these names that can be read, and why others cannot."""
    packs: list[PackFile] = []
    refusals: list[str] = []
    for name in given:
        with _note_refusal(refusals):
            for path, package in resolve_pack_names([name]):
                with _note_refusal(refusals):
                    packs.append(read_pack_file(path, package))
    return packs, refusals


@contextmanager
def _note_refusal(refusals: list[str]) -> Iterator[None]:
    """Ends the block where loading refuses something, and adds the reason to `refusals` instead of raising it."""
    try:
        yield
    except RuleError as error:
        refusals.append(str(error))


def _refuse(what: str) -> Remark:
    """The remark that loading refuses files, for a reason that names the file itself."""
    return Remark("", 0, "", "refused", what)


def _refuse_rule(fault: Fault) -> Remark:
    """The remark that loading refuses a rule."""
    return Remark(str(fault.path), fault.find_line(), fault.rule, "refused", fault.what)


def _build_remark(one: PackFile, rule: Rule, kind: RemarkKind, what: str) -> Remark:
    """A remark on a rule of a pack, with its line in the file; the pack must have a rule of this id."""
    line = Fault(one.path, index_rules(one.pack)[rule.id], rule.id, what).find_line()
    return Remark(str(one.path), line, rule.id, kind, what)


# ---------------------------------------------------------------- warnings


def _find_warnings(
    packs: Sequence[tuple[PackFile, list[Rule]]],
    among: RuleSet,
    compiled: Mapping[str, CompiledPattern],
    own: Callable[[PackFile], bool],
    today: date,
) -> Iterator[Remark]:
    """What people should look at in the rules of their own packs, `among` all rules.

    Rules that a pack replaces come first, pack by pack; then, of the rules that are left in force, each kind of remark.
    """
    # by id: the last pack that has the rule, and the rule itself unless a later pack took it out
    packs_of: dict[str, PackFile] = {}
    in_force: dict[str, Rule] = {}
    for one, rules in packs:
        for rule in rules:
            if rule.id in packs_of and own(one):
                was = packs_of[rule.id].path
                what = (
                    f"takes the place of the rule of this id in {was}; rename one, or say with disable that it is meant"
                )
                yield _build_remark(one, rule, "replaced", what)
            packs_of[rule.id], in_force[rule.id] = one, rule
        for id in one.pack.disable:
            in_force.pop(id, None)
    mine = [rule for rule in in_force.values() if own(packs_of[rule.id])]
    for rule, kind, what in (
        *_find_expired(mine, today),
        *_find_overlaps(mine, in_force, among),
        *_find_wide(mine, among),
        *_find_slow(mine, compiled),
    ):
        yield _build_remark(packs_of[rule.id], rule, kind, what)


def _find_expired(mine: Sequence[Rule], today: date) -> Iterator[RuleRemark]:
    """Rules that somebody wanted to look at again before today."""
    for rule in select_outdated_rules(mine, today):
        yield rule, "expired", f"was to be looked at again by {rule.until}; renew the date, or remove the rule"


def _find_overlaps(mine: Sequence[Rule], in_force: Mapping[str, Rule], among: RuleSet) -> Iterator[RuleRemark]:
    """Rules of one line whose examples fall to another rule, which goes first and means something else by them.

    `in_force` are all rules by id, in the order in which equal ranks decide.
    """
    place = {id: number for number, id in enumerate(in_force)}
    for (id, other_id), count in _count_lost_examples(mine, in_force, among).items():
        rule, other = in_force[id], in_force[other_id]
        language = rule.languages[0] if len(rule.languages) == 1 else ""
        if (*other.rank_in(language), place[other_id]) >= (*rule.rank_in(language), place[id]):
            continue  # the rule itself, or one that goes behind it
        if count == len(rule.examples) and _is_covering(other, rule):
            what = f"{other_id} matches all its examples, and goes first; remove one, or narrow {other_id}"
            yield rule, "shadowed", what
        elif _has_other_effect(rule, other):
            what = f"{count} of its {len(rule.examples)} examples fall to {other_id} ({', '.join(other.roles)})"
            yield rule, "overlap", f"{what}, which goes first; narrow one of the two"


def _count_lost_examples(
    mine: Sequence[Rule], in_force: Mapping[str, Rule], among: RuleSet
) -> Counter[tuple[str, str]]:
    """How many examples of a rule for all sites match a rule that may be asked too, by the ids of both.

    Rules that another pack's replaced or disabled are not asked; each rule matches its own examples.
    """
    lost: Counter[tuple[str, str]] = Counter()
    for language, rules in group_by_language([rule for rule in mine if rule.is_single and not rule.sites]):
        asked = [(rule, text) for rule in rules for text in rule.examples]
        matched = among.match_texts([split_lines(text) for _, text in asked], language)
        lost.update(
            (rule.id, other.id)
            for (rule, _), found in zip(asked, matched, strict=True)
            for other in found
            if in_force.get(other.id) is other and _has_common_scope(rule, other)
        )
    return lost


def _has_common_scope(one: Rule, other: Rule) -> bool:
    """Whether two rules can be asked about one line.

    No language and no place mean all; a rule for several lines in a row is not asked about one.
    """
    languages = {*one.languages} & {*other.languages} or not one.languages or not other.languages
    places = {one.where, other.where} - {""}
    return other.is_single and bool(languages) and len(places) <= 1


def _is_covering(other: Rule, rule: Rule) -> bool:
    """Whether a rule is asked wherever another one is: in all its languages and places, and for the same action."""
    speaks = not other.languages or (bool(rule.languages) and set(rule.languages) <= set(other.languages))
    return speaks and other.where in ("", rule.where) and other.action == rule.action


def _has_other_effect(one: Rule, other: Rule) -> bool:
    """Whether it matters which of two rules a line falls to; rules of different actions do not compete."""
    effect, other_effect = ((rule.roles, rule.replace, rule.through) for rule in (one, other))
    return one.action == other.action and effect != other_effect


def _find_wide(mine: Sequence[Rule], among: RuleSet) -> Iterator[RuleRemark]:
    """Rules that would drop the beginnings of sentences, as crossheads and titles read, or for a site whole ones.

    Loading refuses a rule for all sites that drops whole sentences of the baseline; for a site it does not.  Rules for
    several lines in a row are never wide.
    """
    long = [sentence for sentence in load_prose() if len(sentence.split()) >= MIN_SENTENCE_WORDS]
    begun = [(sentence, " ".join(sentence.split()[:count])) for sentence, count in product(long, BEGINNING_WORDS)]
    # by rule: the sentences that begin as it matches, each with the longest such beginning
    hit: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for (sentence, text), found in zip(begun, among.match_texts([[text] for _, text in begun]), strict=True):
        for rule in filter(attrgetter("changes_prose"), found):
            hit[rule.id][sentence] = text
    for rule in filter(attrgetter("is_single"), mine):
        some = list(hit[rule.id].values())
        if rule.sites and rule.classifies:
            some = [sentence for sentence in load_prose() if among.has_match(rule, [sentence])]
        if len(some) >= (1 if rule.sites else MIN_WIDE_SENTENCES):
            what = f"matches what any article may say, such as {some[0]!r}; narrow the pattern"
            yield rule, "wide", what


def _find_slow(mine: Sequence[Rule], compiled: Mapping[str, CompiledPattern]) -> Iterator[RuleRemark]:
    """Rules with a pattern whose program has more than MAX_PROGRAM_INSTRUCTIONS; `compiled` has all their patterns."""
    for rule in mine:
        size = max(compiled[pattern].programsize for pattern in rule.match)
        if size > MAX_PROGRAM_INSTRUCTIONS:
            what = f"its pattern makes a program of {size:,} steps; write * or + for a large number in braces"
            yield rule, "slow", what
