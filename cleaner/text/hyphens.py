"""Words broken by a hyphen at the end of a line, and how they are put together again."""

import re
from collections.abc import Collection, Iterable

SUSPENDED_HYPHEN_WORDS = frozenset(
    "und oder bzw and or to et ou y e o og eller och en of i a lub czy nebo и или і або ve veya".split()
)
"""Words behind a hyphen that stands for a part left out: Ober- und Unterhaus."""

HYPHENATED_PREFIXES = frozenset("well self ex so vice non quasi".split())
"""English first parts that keep their hyphen before a whole word, even if they do not stand alone in the text."""

CLOSED_COMPOUND_ENDINGS = frozenset(
    "able ability less like thing times what where ness ship hood wise ward wards".split()
)
"""English words that end longer ones without a hyphen."""

HYPHENS = "-\xad\u2010"

WORD_PATTERN = re.compile(r"(?<![\w-])[^\W_]+(?:[-\u2010’'][^\W_]+)*(?![\w\xad\u2010-])")

BROKEN_WORD_HEAD = re.compile(r"((?:[^\W_]+[-\u2010])*[^\W\d_]+)[-\xad\u2010]\Z")

BROKEN_WORD_TAIL = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


def collect_vocabulary(lines: Iterable[str]) -> set[str]:
    """The words of a text in small letters, compounds with their hyphens; no halves of words broken at line ends."""
    words: set[str] = set()
    broken = False
    for line in lines:
        found = WORD_PATTERN.findall(line.lower())
        words.update(found[1:] if broken else found)
        broken = line.endswith(tuple(HYPHENS))
    return words


def rejoin_broken_word(left: str, right: str, words: Collection[str]) -> str | None:
    """Two lines as one where a word is broken between them, with or without its hyphen; None where none is.

    `words` are those of the text (`collect_vocabulary`): what is written elsewhere in one word, or with the hyphen, is
    here too.  Otherwise the hyphen goes before a small letter, and stays before a capital and behind capitals
    (EU-weit)."""
    before, after = BROKEN_WORD_HEAD.search(left), BROKEN_WORD_TAIL.match(right)
    if not before or not after or after[0] in SUSPENDED_HYPHEN_WORDS:
        return None
    head, tail = before[1], after[0]
    joined, hyphenated = (head + tail).lower(), f"{head}-{tail}".lower()
    if left[-1] == "\xad":
        keeps = False
    elif joined in words or hyphenated in words:
        keeps = hyphenated in words
    else:
        keeps = (
            not tail[0].islower()
            or (head.isupper() and len(head) > 1)
            or ("the" in words and _is_compound(head.lower(), tail.lower(), words))
        )
    return left[:-1] + ("-" if keeps else "") + right


def _is_compound(head: str, tail: str, words: Collection[str]) -> bool:
    """Whether two halves make an English compound with a hyphen: both are words of the text, and not an ending."""
    return tail in words and tail not in CLOSED_COMPOUND_ENDINGS and (head in words or head in HYPHENATED_PREFIXES)
