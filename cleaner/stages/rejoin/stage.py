"""Rejoin what a scraper broke: sentences cut at links, names and bold words, wrapped lines, words cut at line ends.

Where the text of a page is taken node by node, one paragraph in five falls apart.  What tells: a piece ends without
a full stop, the next starts in lower case or with a comma, a piece ends in a preposition, a quotation stays open, or
a short name stands between two such pieces.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from cleaner.document import Block, Document, Edit
from cleaner.rules import RuleSet
from cleaner.text.languages import collect_words
from cleaner.text.repair import SUSPENDED_HYPHEN_WORDS, collect_vocabulary, rejoin_broken_word
from cleaner.text.shape import SENTENCE_CLOSERS, count_words, is_open

RULES = {
    "rejoin.sentence": "A sentence that stood on several lines, broken at a link, a name or a bold word.",
    "rejoin.wrapped": "A paragraph wrapped to a fixed width.",
    "rejoin.hyphen": "A word cut by a hyphen at the end of a line.",
}

_RULE_RANK = ("", "rejoin.sentence", "rejoin.wrapped", "rejoin.hyphen")

_CLOSING_CHARS = frozenset(",.;:!?)]}…、。，：；）」』】》،؛؟।۔")
_OPENING_CHARS = frozenset("([{¿¡（「『【《")
_QUOTE_CHARS = frozenset("\"“”„'‘’«»")
_SEPARATOR_CHARS = frozenset(",;&、，،؛")
_HYPHENS = frozenset("-‐")
_DASHES = frozenset("-–—")
_JAPANESE_PARTICLES = frozenset("のはがをにでとも、，")
_JAPANESE_POSTPOSITIONS = frozenset("もがをはにでとのへや")
_KOREAN_PARTICLES = ("은", "는", "이", "가", "을", "를", "의", "에", "로", "와", "과", "도", "으로", "에서")
_ONE_LETTER_WORDS = frozenset("AIOEYÀÉВИОУКСЯАÓ")
_ELISION_WORDS = collect_words(lambda own: own.line_ends.elisions)

_FUNCTION_WORDS = collect_words(lambda own: own.line_ends.function_words)
"""Words that hardly ever end a line that is whole: articles, prepositions and conjunctions of many languages."""

_PARTICLE_WORDS = collect_words(lambda own: own.line_ends.particle_words)
"""Words that end whole lines now and then, being particles of verbs or verbs as well."""

_LINKING_WORDS = _FUNCTION_WORDS | _PARTICLE_WORDS

BARE_NAME_WORDS, LINKED_PHRASE_WORDS, CLAUSE_WORDS = 4, 8, 12
"""Words: a bare name, a linked phrase, and enough text before it to be sure that a sentence is running."""

MAX_LABEL_CHARS = 100
"""Characters of the longest line that is asked whether a rule knows it."""

MAX_WORD_CHARS = 80
"""Characters of the longest word that is mended."""

MIN_WRAP_CHARS, MAX_WRAP_CHARS = 30, 120
"""Characters of the widths to which texts are wrapped."""


def rejoin(document: Document, rules: RuleSet) -> Iterator[Edit]:
    """One edit for each run of blocks that belongs together; a line that a rule knows by itself joins nothing.

    Joining goes on until the joined text, read again, would stay as it is.  Lines that are dropped do not part what
    stands around them.
    """
    language = document.find_fact("language") or ""

    def known(line: str) -> bool:
        return len(line) <= MAX_LABEL_CHARS and rules.has_line_rule(line, language)

    run: list[Block] = []
    for block in document.blocks:
        if block.text and block.kind == "line":
            run.append(block)
        elif block.text and run:
            yield from _build_edits(document, run, known)
            run = []
    if len(run) > 1:
        yield from _build_edits(document, run, known)


def _build_edits(document: Document, run: Sequence[Block], known: Callable[[str], bool]) -> Iterator[Edit]:
    """The edits for blocks that stand one behind the other."""
    source = document.source
    texts = [block.text for block in run]
    # a blank line shows at once in most texts
    loose = [source[block.end - 2 : block.end - 1] != "\n" and _is_loose(source, block.end) for block in run]
    width = _find_wrap_width(document) if any(loose[:-1]) else 0
    borders = _find_borders(texts, loose, width, known)
    if not any(borders):
        return

    @cache
    def words() -> set[str]:
        return collect_vocabulary(block.text for block in document.blocks)

    french = "« " in source
    rules = [""] * len(run)
    ends = list(range(len(run)))
    while any(borders):
        firsts = [0, *(i for i, border in enumerate(borders, 1) if not border)]
        stops = [*firsts[1:], len(texts)]
        rules = [
            max(rules[i:j] + borders[i : j - 1], key=_RULE_RANK.index) if j - i > 1 else rules[i]
            for i, j in zip(firsts, stops, strict=True)
        ]
        texts = [
            _join_texts(texts[i:j], borders[i : j - 1], words, french) if j - i > 1 else texts[i]
            for i, j in zip(firsts, stops, strict=True)
        ]
        ends = [ends[j - 1] for j in stops]
        borders = _find_borders(texts, [loose[end] for end in ends], width, known)
    first = 0
    for text, rule, end in zip(texts, rules, ends, strict=True):
        if rule:
            yield Edit(rule, run[first].start, run[end].end, text, run[first].role)
        first = end + 1


def _join_texts(texts: Sequence[str], borders: Sequence[str], words: Callable[[], set[str]], french: bool) -> str:
    """The texts as one, where `borders` are the rules by which they join."""
    parts = [texts[0]]
    straight = texts[0].count('"')
    for right, rule in zip(texts[1:], borders, strict=True):
        left = parts[-1]
        if left[-1] in _HYPHENS:
            broken = left[-MAX_WORD_CHARS:].rsplit(None, 1)[-1]
            whole = rejoin_broken_word(broken, right, words())
            if whole is not None:
                parts[-1] = left[: len(left) - len(broken)]
                parts.append(whole)
                straight += right.count('"')
                continue
        before = left[-2:-1] or (parts[-2][-1:] if len(parts) > 1 else "")
        if rule == "rejoin.wrapped":
            tight = is_unspaced_script(left[-1]) and is_unspaced_script(right[0])
        else:
            tight = _is_tight_join(left, right, before, straight % 2 == 1, words, french)
        if not tight:
            parts.append(" ")
        parts.append(right)
        straight += right.count('"')
    return "".join(parts)


def _find_borders(texts: Sequence[str], loose: Sequence[bool], width: int, known: Callable[[str], bool]) -> list[str]:
    """For each text but the last, the rule by which it runs on into the next, or nothing.

    `loose` are the texts that no blank line parts from the next, `width` that to which they are wrapped.
    """
    out: list[str] = []
    running = straight = 0
    for i, (left, right, after) in enumerate(zip(texts, texts[1:], [*texts[2:], ""], strict=False)):
        start = right[0]
        open_end = is_open(left)
        if not width and (
            _is_new_after_label(left, right, after, running) if open_end else _is_new_after_stop(left, right)
        ):
            running = straight = 0
            out.append("")
            continue
        fresh = running == 0
        running += count_words(left)
        straight += left.count('"')
        if left[-1] in _HYPHENS and start.islower() and left[-2:-1].isalpha():
            rule = "rejoin.hyphen"
        elif width and loose[i] and len(left) <= width < len(left) + 1 + len(right.split(None, 1)[0]):
            rule = "rejoin.wrapped"
        elif _is_continued(left, right, after, running, fresh, loose[i], straight % 2 == 1) and (
            start in _CLOSING_CHARS or not (known(right) or (fresh and known(left)))
        ):
            rule = "rejoin.sentence"
        else:
            rule = ""
            running = straight = 0
        out.append(rule)
    return out


def _is_new_after_stop(left: str, right: str) -> bool:
    """Whether a line is plainly a new one behind a line with a full stop, as nearly all behind such lines are."""
    start = right[0]
    return (
        not start.islower()
        and start not in _CLOSING_CHARS
        and (start not in _QUOTE_CHARS or right[1:2].isalpha())
        and left not in _QUOTE_CHARS
    )


def _is_new_after_label(left: str, right: str, after: str, running: int) -> bool:
    """Whether a line is plainly a new one behind a line without a full stop: `_is_continued` would say no.

    It says yes to lines that start with a capital or a digit only for what is tested here.
    """
    start = right[0]
    return (
        (start.isupper() or start.isdigit() or start == "©")
        and left[-1].isalnum()
        and (not after or after[0].isupper() or after[0].isdigit())
        and (running + count_words(left) < CLAUSE_WORDS or count_words(right) >= LINKED_PHRASE_WORDS)
        and left[-MAX_WORD_CHARS:].rsplit(None, 1)[-1].lower() not in _LINKING_WORDS
    )


def _is_loose(source: str, end: int) -> bool:
    """Whether no blank line stands before this place, the start of a line."""
    return source[end - 2 : end - 1] != "\n" and source[end - 3 : end] != "\n\r\n"


def _find_wrap_width(document: Document) -> int:
    """The width to which the text is wrapped, or 0: nearly every long line ends where the next word is too long.

    A few lines that are longer, as a headline or an address, and lines that are much shorter, say nothing.
    """
    source, lines = document.source, document.lines
    ends = [
        (len(line.text), len(line.text) + 1 + len(after.text.partition(" ")[0]))
        for line, after in pairwise(lines)
        if line.text and after.text and _is_loose(source, line.end)
    ]
    if len(ends) < 3:
        return 0
    sizes = sorted(size for size, _ in ends)
    most = sizes[-1 - max(1, len(sizes) // 10)]
    if not MIN_WRAP_CHARS <= most <= MAX_WRAP_CHARS:
        return 0
    width = max(size for size in sizes if size <= most * 1.1)
    judged = [wanted > width for size, wanted in ends if width * 0.6 < size <= width]
    return width if len(judged) >= max(3, len(ends) / 2) and sum(judged) >= 0.8 * len(judged) else 0


def _is_continued(left: str, right: str, after: str, running: int, fresh: bool, loose: bool, odd: bool) -> bool:
    """Whether `left`, the last line of a piece of `running` words, runs on into `right`; `after` is the line behind.

    `fresh`: the piece is this one line; `loose`: no blank line parts the two; `odd`: a straight quotation mark is open.
    """
    start, end = right[0], left[-1]
    if start in _CLOSING_CHARS:
        return not right.startswith(("...", "…", "))")) and not (start == "." and right[1:2].isalnum())
    if _is_closing_quote(right, left, odd) or _is_genitive(right):
        return True
    if (
        end in _OPENING_CHARS
        or _is_elided(left)
        or (end in _QUOTE_CHARS and _is_opening_quote(left, left[-2:-1], right + after, odd))
    ):
        return True
    last = left.rsplit(None, 1)[-1]
    small = last.lower()
    if start.islower():
        if small in _LINKING_WORDS:
            return True
        if fresh and (_is_label(right) or _is_address(right)):
            return False
        if not is_open(left):
            return (running >= 3 and end in SENTENCE_CLOSERS) or _is_abbreviation(last)
        return running + count_words(right) >= (3 if loose else BARE_NAME_WORDS)
    if end in _SEPARATOR_CHARS or start == "&":
        return True
    if end in _DASHES and len(left) > 1:
        return running >= BARE_NAME_WORDS
    if end in ":：" or end in SENTENCE_CLOSERS or not is_open(left):
        return False
    size = count_words(right)
    goes_on = bool(after) and (
        after[0] in _CLOSING_CHARS or (after[0].islower() and not _is_label(after)) or _has_leading_particle(after)
    )
    if small in _LINKING_WORDS:
        if small in _FUNCTION_WORDS and last.islower() and len(left) > 1:
            return True
        return (goes_on or running > 1) and size <= LINKED_PHRASE_WORDS if last.islower() else goes_on
    if start.isalpha() and not start.isupper():
        return running >= BARE_NAME_WORDS and (
            _has_leading_particle(right)
            or ("\u3040" <= start <= "\u309f" and not is_open(right))
            or last[-1] in _JAPANESE_PARTICLES
            or (goes_on and size <= LINKED_PHRASE_WORDS)
        )
    if start in "(（":
        return is_unspaced_script(start) or (running > 1 and _is_continued_after_bracket(right))
    if start in _DASHES:
        return right[1:2] == " " and right[2:3].islower() and after[:1] not in _DASHES and running >= 3
    if len(right) == 1 and start.isupper():
        return False  # an initial, set apart from its word
    if goes_on:
        if fresh and after[0] not in _CLOSING_CHARS:
            opens = left.split(None, 1)[0].lower() in _FUNCTION_WORDS
            if running < (2 if opens else BARE_NAME_WORDS) or _is_clause(right):
                return False
        return size <= (
            LINKED_PHRASE_WORDS + 2 if running > CLAUSE_WORDS or (last.islower() and not fresh) else BARE_NAME_WORDS
        )
    return (
        running >= CLAUSE_WORDS
        and size < (LINKED_PHRASE_WORDS if loose else BARE_NAME_WORDS)
        and start not in _QUOTE_CHARS
        and not is_open(right)
    )


def _is_closing_quote(right: str, left: str, odd: bool) -> bool:
    """Whether a piece starts with the end of a quotation: behind the mark stands no letter."""
    start, then = right[0], right[1:2]
    if start not in _QUOTE_CHARS or then.isalnum() or then == start or then in ("…", ".", "(", "["):
        return start in '"”’' and then == "." and (odd or start != '"')
    if start == '"':
        return odd
    if start == "«":
        return left.count("»") > left.count("«")
    if start in "“»":
        return is_open(left) if then else "„" in left or "«" in left
    return start in "”’" or (start == "'" and then != "")


def _is_opening_quote(left: str, before: str, behind: str, odd: bool) -> bool:
    """Whether a piece ends with the start of a quotation: nothing or a space stands before the mark."""
    end = left[-1]
    if before.strip():
        return False
    if end == '"':
        return odd
    return end in "„“«‘" or (end == "'" and len(left) > 1) or (end == "»" and "«" in behind)


def _has_leading_particle(line: str) -> bool:
    """Whether a Japanese or Korean line starts with what belongs to the noun before it."""
    return line[0] in _JAPANESE_POSTPOSITIONS or (
        "\uac00" <= line[0] <= "\ud7a3" and line.split(None, 1)[0] in _KOREAN_PARTICLES
    )


def _is_genitive(line: str) -> bool:
    return line[:2] in ("'s", "’s") and not line[2:3].isalpha()


def _is_elided(left: str) -> bool:
    """Whether a piece ends in an article or the like that has lost its vowel: l’, qu’, dell’."""
    return left[-1] in "'’" and left[-10:-1].rpartition(" ")[2].lower() in _ELISION_WORDS


def _is_abbreviation(word: str) -> bool:
    return word[-1] == "." and word[0].isalpha() and (len(word) <= 4 or "." in word[:-1])


def _is_label(line: str) -> bool:
    """Whether a line in lower case is a label with its value, as `edited: jd`."""
    return ":" in line[:-1] and count_words(line) <= BARE_NAME_WORDS


def _is_address(line: str) -> bool:
    word = line.split(None, 1)[0]
    return "://" in word or "@" in word or "." in word[1:-1]


def _is_clause(line: str) -> bool:
    """Whether a line is the start of a sentence rather than a name."""
    words = line.split()
    return words[0].lower() in _LINKING_WORDS or words[-1].lower() in _LINKING_WORDS or line[-1] in _SEPARATOR_CHARS


def _is_continued_after_bracket(line: str) -> bool:
    behind = line.partition(")")[2].lstrip()[:1]
    return behind.islower() or (behind != "" and behind in _CLOSING_CHARS)


def _is_tight_join(left: str, right: str, before: str, odd: bool, words: Callable[[], set[str]], french: bool) -> bool:
    """Whether two pieces join without a space; `before` is what stands before the last character of the left one."""
    start, end = right[0], left[-1]
    if start in _CLOSING_CHARS:
        return not (french and start in ":;!?")
    if start in _QUOTE_CHARS and (_is_closing_quote(right, left, odd) or _is_genitive(right)):
        return not (french and start == "»")
    if end in _OPENING_CHARS or end == "/" or start == "/" or _is_elided(left):
        return True
    if end in _QUOTE_CHARS and _is_opening_quote(left, before, right, odd):
        return not (french and end == "«")
    if start in _HYPHENS and right[1:2].isalpha():
        return True
    if end in _HYPHENS and before.isalpha():
        return right.split(None, 1)[0] not in SUSPENDED_HYPHEN_WORDS
    if is_unspaced_script(end) or is_unspaced_script(start):
        return is_unspaced_script(end) and is_unspaced_script(start)
    if "\uac00" <= start <= "\ud7a3":
        return right.split(None, 1)[0] in _KOREAN_PARTICLES
    if len(left) == 1 and left.isupper() and start.isalpha():
        return left not in _ONE_LETTER_WORDS or (left + right.split(None, 1)[0]).lower() in words()
    return False


def is_unspaced_script(char: str) -> bool:
    """Whether a character belongs to a script written without spaces between words, or to its punctuation."""
    return "\u3000" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\uff00" <= char <= "\uff9f"
