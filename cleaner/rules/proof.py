"""How rules prove themselves: their examples match, their keeps do not, and no sentence of clean prose goes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from textwrap import shorten

from cleaner.rules.match import RuleSet
from cleaner.rules.model import Rule
from cleaner.rules.signs import Sign
from cleaner.text import languages

NO_LANGUAGE = "und"
"""A language that no rule names: only rules for all languages are asked."""

MAX_SHOWN_SENTENCES, MAX_SHOWN_CHARS = 3, 70
"""Sentences that a refusal shows of all that a rule would drop, and the characters of each: they fit on a screen."""


MAX_COMPANY_SENTENCES = 3
"""Sentences that a rule may match which needs company: it leaves them in a text that is clean otherwise."""


def find_failed_proofs(rules: Sequence[Rule], among: RuleSet) -> Iterator[tuple[Rule, str]]:
    """Which examples of these rules do not match, which keeps do, and which prose would go; all are `among` others.

    All texts are asked together, in the language of their rules.  Yields each rule with what is wrong and the cure.
    """
    for language, spoken in group_by_language(rules):
        texts = [(rule, *one) for rule in spoken for one in list_proof_texts(rule)]
        matched = among.match_texts([split_lines(text) for _, _, text in texts], language)
        misread: set[str] = set()
        for (rule, kind, text), found in zip(texts, matched, strict=True):
            hit = among.has_match(rule, split_lines(text)) if rule.sites else rule in found
            alone = not hit and kind == "examples" and len(split_lines(text)) < len(rule.match)
            if alone and rule.id not in misread:
                misread.add(rule.id)
                yield rule, _SEQUENCE_MESSAGE.format(text, len(rule.match))
            for what in check_proof(kind, text, hit) if not alone else ():
                yield rule, what
    yield from _find_dropped_prose(rules, among)


def _find_dropped_prose(rules: Sequence[Rule], among: RuleSet) -> Iterator[tuple[Rule, str]]:
    """Which of these rules would drop sentences of clean prose, with their number and a few of them."""
    own = {rule.id: rule for rule in rules if rule.changes_prose}
    lost: defaultdict[str, list[str]] = defaultdict(list)
    for sentence, found in zip(load_prose(), among.match_texts([[one] for one in load_prose()]), strict=True):
        for rule in found:
            if rule.id in own:
                lost[rule.id].append(sentence)
    for id, sentences in lost.items():
        if not own[id].company or len(sentences) > MAX_COMPANY_SENTENCES:
            yield own[id], _describe_dropped_prose(own[id], sentences)


def _describe_dropped_prose(rule: Rule, sentences: Sequence[str]) -> str:
    """What a rule would do to prose: how many sentences it would drop, and a few, those of its language or of English
    first."""
    spoken = languages.load_prose()
    near = [one for code in (*rule.languages, "en") for one in spoken.get(code, ()) if one in sentences]
    shown = [shorten(one, MAX_SHOWN_CHARS, placeholder=" ...") for one in dict.fromkeys((*near, *sentences))]
    every = len(load_prose())
    count = f"all {every:,}" if len(sentences) == every else f"{len(sentences):,} of {every:,}"
    some = ", ".join(f'"{one}"' for one in shown[:MAX_SHOWN_SENTENCES])
    return f"would drop {count} sentences of clean prose, such as {some}; narrow the pattern"


_SEQUENCE_MESSAGE = (
    "the example {0!r} does not match: match has {1} patterns, so it means {1} lines, one behind the other; "
    "for either of them write one pattern with |, or two rules"
)
"""What to say of an example with fewer lines than its rule has patterns, once a rule."""

_PROOF_MESSAGES = {
    "examples": (True, "the example {!r} does not match; mend one of them"),
    "keeps": (False, "matches its own keep {!r}; narrow the pattern"),
}
"""By the key that holds a text: whether the text must match, and what to say where that fails."""


def list_proof_texts(one: Rule | Sign) -> Iterator[tuple[str, str]]:
    """The examples and then the keeps of a rule or a sign, each with the key it stands under."""
    for kind in _PROOF_MESSAGES:
        for text in getattr(one, kind):
            yield kind, text


def check_proof(kind: str, text: str, hit: bool) -> Iterator[str]:
    """What is wrong with a text under `examples` or `keeps` that its rule matches or does not."""
    must_match, message = _PROOF_MESSAGES[kind]
    if hit != must_match:
        yield message.format(text)


@cache
def load_prose() -> tuple[str, ...]:
    """Sentences of articles in many languages, none of which a rule may drop that is for all sites."""
    own = (languages.load_prose(), languages.load_label_prose())
    return tuple(chain.from_iterable(chain.from_iterable(one.values()) for one in own))


def group_by_language(rules: Sequence[Rule]) -> list[tuple[str, list[Rule]]]:
    """Rules with the language in which to ask about their examples; those for all are asked without the others."""
    found: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        found[next(iter(rule.languages), NO_LANGUAGE)].append(rule)
    return list(found.items())


def split_lines(text: str) -> list[str]:
    """The lines of an example or a keep, without spaces around them and without blank lines."""
    return list(filter(None, map(str.strip, text.split("\n"))))
