"""Quotes, apostrophes and dashes that became U+FFFD, put back as their neighbours and the text show."""

import re
from collections import Counter

from cleaner.text.repair.misread import NOT_ASCII
from cleaner.text.repair.typography import MAX_LINE_DEFECTS
from cleaner.text.scripts import EAST_ASIAN_NEIGHBOURS

CLOSERS_BY_OPENER = {"“": "”", "„": "“", "«": "»", "»": "«", "‘": "’", "‚": "‘"}

DASHES = "–—"

MARK_PATTERN = re.compile("[’‘“”„‚«»–—]")

CJK = re.compile(f"[{EAST_ASIAN_NEIGHBOURS}]")

LOST_CHARS = re.compile("\ufffd{3}|\ufffd")

FIRST_WORD = re.compile(r"[^\W\d_]+")

ENGLISH = re.compile(r" (?:the|and|of|that|was|with) ")

ROMANIAN_POLISH_HUNGARIAN = re.compile("[łżęąőűțș]")

TURKISH = re.compile("[ışğİ]")

APOSTROPHE_TAIL = re.compile(r"[^\W\d_][’'](\w+)")

VOWELS = frozenset("aeiouyhàâäéèêëíìîïóòôöúùûüœæ")

CONTRACTION_TAILS = frozenset("s t re ve ll d m em".split())

ELISION_WORDS = frozenset(
    "l d j n s c m t o qu jusqu lorsqu puisqu quoiqu dell all nell sull dall coll un quest".split()
)

APHAERESIS_WORDS = frozenset("em til cause tis twas round bout n".split())

LOST_CLOSER = re.compile("(?<=[^\\s(])\ufffd(?![^\\W_])")

GENITIVE_TAIL = re.compile("[ ][a-z][^“”„«»‘\ufffd]*[.,!?…]\ufffd(?![^\\W_])")

SIGNATURE_TAIL = re.compile(r" [^@]{1,60} \(@\w+\)")

DATELINE = re.compile(r"(?:[A-ZÀ-Þ][A-ZÀ-Þ.' -]+(?:, [A-Z][\w.]+)?|.{3,40}\((?:AP|AFP|Reuters|CNN|dpa)\)) \Z")


def fill_lost_chars(text: str, language: str | None) -> str:
    """Replacement characters as the quotes, apostrophes and dashes that their neighbours and the text's habits show.

    What may have been a letter (caf�) stays as it is: nothing in the text says which.
    """
    habits = _PunctuationHabits(text, language)
    return "\n".join(
        _LineFiller(line, habits).fill_line() if 0 < line.count("\ufffd") < MAX_LINE_DEFECTS else line
        for line in text.split("\n")
    )


class _PunctuationHabits:
    """How a text uses its quotes, apostrophes and dashes, counted where they are unharmed.

    `seen` counts (mark, kind of what is before it, kind of what is behind it).  `healthy` says that other characters
    outside ASCII have survived, so that what is lost is not every one of them.
    """

    def __init__(self, text: str, language: str | None) -> None:
        self.seen: Counter[tuple[str, str, str]] = Counter()
        for match in MARK_PATTERN.finditer(text):
            at = match.start()
            self.seen[
                match[0], _determine_char_kind(text[at - 1 : at]), _determine_char_kind(text[at + 1 : at + 2])
            ] += 1
        self.tails = frozenset(APOSTROPHE_TAIL.findall(text))
        self.turkish = language == "tr" if language else len(TURKISH.findall(text)) * 50 > len(text)
        self.english = language == "en" if language else len(ENGLISH.findall(text)) * 40 > text.count(" ")
        self.healthy = any(c != "\ufffd" for c in NOT_ASCII.findall(text))
        self.opener, self.closers = self._detect_quotes(text)
        spaced = {mark: self.seen[mark, " ", " "] for mark in DASHES}
        if not any(spaced.values()):
            spaced = {mark: self.count(mark) for mark in DASHES}
        usual = "—" if self.english or language == "ru" else "–"
        self.dash = max(spaced, key=lambda mark: (spaced[mark], mark == usual))

    def _detect_quotes(self, text: str) -> tuple[str, dict[str, str]]:
        """The usual opening quote, "" if there is none, and what closes each."""
        openers: Counter[str] = Counter()
        closers: Counter[str] = Counter()
        for (mark, left, right), count in self.seen.items():
            if mark in DASHES:
                continue
            if left in " (" and right not in " ).":
                openers[mark] += count if mark not in "’" else 0
            elif right in " .)" and left not in " (" and mark != "’":
                closers[mark] += count
        closing = dict(CLOSERS_BY_OPENER)
        if closers["”"] > closers["“"] or (not closers["“"] and ROMANIAN_POLISH_HUNGARIAN.search(text)):
            closing["„"] = "”"
        opener = max(openers, key=openers.__getitem__, default="")
        if not opener and closers:
            closer = max(closers, key=closers.__getitem__)
            opener = next((o for o, c in closing.items() if c == closer), "")
        if opener == "”":
            closing["”"] = "”"
        return opener, closing

    def count(self, marks: str, left: str = "", right: str = "") -> int:
        """How often one of these marks is seen between these kinds of neighbours; "" is any."""
        return sum(
            n
            for (m, a, b), n in self.seen.items()
            if m in marks and (not left or a in left) and (not right or b in right)
        )

    def find_usual_mark(self, among: str, left: str, right: str) -> str:
        """The mark seen most often between these kinds of neighbours, "" where none is."""
        best = max(among, key=lambda mark: self.seen[mark, left, right])
        return best if self.seen[best, left, right] else ""


def _determine_char_kind(char: str) -> str:
    """A neighbour's kind: " " for none and spaces, a, A, 0, 文, ( for what opens, ) for what closes, . for others."""
    if not char or char.isspace():
        return " "
    if char.isalpha():
        return "文" if CJK.match(char) else "A" if char.isupper() else "a"
    if char.isdigit():
        return "0"
    return "(" if char in "([{“„‘‚«¿¡" else ")" if char in ")]}”’»" else "."


class _LineFiller:
    """A line being filled in: its characters so far, and the quotations open at the place that is looked at."""

    def __init__(self, line: str, habits: _PunctuationHabits) -> None:
        self.chars = list(line if CJK.search(line) else LOST_CHARS.sub("\ufffd", line))
        self.habits = habits
        self.open: list[str] = []

    def fill_line(self) -> str:
        """The line with what was lost put back, as far as it can be known."""
        for at, char in enumerate(self.chars):
            if char == "\ufffd":
                self.chars[at] = self._guess_char(at) or char
            self._follow_quotations(at)
        return "".join(self.chars)

    def _read_before(self, at: int) -> str:
        return "".join(self.chars[:at])

    def _read_after(self, at: int) -> str:
        return "".join(self.chars[at + 1 :])

    def _follow_quotations(self, at: int) -> None:
        char = self.chars[at]
        if self.open and char in (self.habits.closers[self.open[-1]], CLOSERS_BY_OPENER.get(self.open[-1])):
            if char != "’" or _determine_char_kind(self._read_after(at)[:1]) not in "aA":
                self.open.pop()
        elif char in self.habits.closers and (char != "»" or self.habits.opener == "»"):
            self.open.append(char)

    def _guess_char(self, at: int) -> str:
        """What stood at a place, "" where nothing shows it."""
        before, after = self._read_before(at)[-1:], self._read_after(at)[:1]
        if "\ufffd" in (before, after) or not (self.habits.healthy or self.habits.english):
            return ""
        left, right, habits = _determine_char_kind(before), _determine_char_kind(after), self.habits
        if "文" in left + right:
            return self._guess_in_chinese(at)
        if left == right == " ":
            return self._guess_alone(at)
        if left == right == "0":
            return self._guess_between_digits(at)
        if left in "aA" and right in "aA":
            return self._guess_inside_word(at)
        if (left == ")" and right in "aA") or (left in "aA" and right == "("):
            return habits.find_usual_mark(DASHES, left, right) or habits.dash
        if left in " (" and (right not in " )." or (after and after in "…¡¿$#'\".")) and before != "’":
            return self._guess_opening(at)
        if right in " ).(" and left in "aA0.)":
            return self._guess_closing(at)
        if left == "0" and right == "a":
            return (
                "’" if _extract_first_word(self._read_after(at)) == "s" else habits.find_usual_mark(DASHES, left, right)
            )
        return habits.find_usual_mark(DASHES, left, right)

    def _guess_alone(self, at: int) -> str:
        """Between spaces: a dash, or a quote where the text sets its quotes apart."""
        habits, before, after = self.habits, self._read_before(at), self._read_after(at)
        if not before.strip():
            return (
                "—"
                if SIGNATURE_TAIL.match(after)
                else habits.find_usual_mark(DASHES, " ", " ")
                if after.strip()
                else ""
            )
        if not after.strip():
            return ""
        if habits.count("“”", " ", " "):
            ahead = self._find_next_quote(at)
            if self.open and ahead != "”":
                return "”"
            if not self.open and ahead == "”":
                return "“"
        if habits.english and not habits.count(DASHES, " ", " ") and DATELINE.match(before):
            return "—"
        return habits.find_usual_mark("–—’", " ", " ") or habits.dash

    def _guess_between_digits(self, at: int) -> str:
        """Between digits: a range, or an apostrophe that parts thousands."""
        if self._read_after(at)[:3] == "000" or self.habits.count("’", "0", "0") > self.habits.count(DASHES, "0", "0"):
            return "’"
        return "–"

    def _guess_inside_word(self, at: int) -> str:
        """Between two letters: an apostrophe, or a dash without spaces."""
        habits = self.habits
        head, tail = _extract_last_word(self._read_before(at)), _extract_first_word(self._read_after(at))
        left, right = _determine_char_kind(head[-1]), _determine_char_kind(tail[0])
        if (tail in CONTRACTION_TAILS and (habits.english or habits.healthy)) or (tail == "n" and habits.healthy):
            return "’"
        dashes, apostrophes = habits.count(DASHES, "aA", "aA"), habits.count("’", "aA", "aA")
        if head.lower() in ELISION_WORDS and habits.healthy and (apostrophes or tail[0].lower() in VOWELS):
            return "’"
        if (apostrophes and tail in habits.tails) or (habits.turkish and head[0].isupper()):
            return "’"
        if dashes:
            return habits.find_usual_mark(DASHES, left, right) or max(
                DASHES, key=lambda mark: habits.count(mark, "aA", "aA")
            )
        return "—" if habits.english and habits.healthy and len(head) > 1 else ""

    def _find_next_quote(self, at: int) -> str:
        """The next quote of a quotation behind a place, "" for none; apostrophes inside words are not."""
        for i in range(at + 1, len(self.chars)):
            char = self.chars[i]
            if char in "“”„«»‘‚" or (
                char == "’" and _determine_char_kind("".join(self.chars[i + 1 : i + 2])) not in "aA0"
            ):
                return char
        return ""

    def _guess_opening(self, at: int) -> str:
        """Before a word: the quote that the next one closes, else the text's usual one, an apostrophe or a dash."""
        habits, after, ahead = self.habits, self._read_after(at), self._find_next_quote(at)
        word = _extract_first_word(after)
        if habits.english and (word in APHAERESIS_WORDS or re.match(r"\d0s\b", after)):
            return "’"
        dashes = habits.count(DASHES, " ", "aA0")
        if dashes > habits.count("“„«»‘”", " ", "aA0.") and ahead not in CLOSERS_BY_OPENER.values():
            return habits.find_usual_mark(DASHES, " ", _determine_char_kind(after[0])) or habits.dash
        if ahead == "’" and (habits.count("‘", " ") or not habits.count("“") or "s’ " not in after):
            return "‘"
        if ahead == "”" and habits.opener == "‘" and habits.count("“", " "):
            return "“"
        if self.open and self.open[-1] == habits.opener == "“" and not ahead:
            return "‘"
        if not habits.english and ahead not in CLOSERS_BY_OPENER.values() and not self._has_lost_closer(at):
            return ""
        return habits.opener or ("“" if habits.english and ahead in ("", "”") and word else "")

    def _has_lost_closer(self, at: int) -> bool:
        """Whether another replacement character behind a place may close a quotation."""
        return LOST_CLOSER.search(self._read_after(at)) is not None

    def _guess_closing(self, at: int) -> str:
        """Behind a word or its punctuation: the end of the open quotation, or an apostrophe or a dash."""
        habits, before, after, ahead = (
            self.habits,
            self._read_before(at),
            self._read_after(at),
            self._find_next_quote(at),
        )
        if after[:1] == "’" or _extract_last_word(before) == "E":
            return "’"
        if self.open:
            closer = habits.closers[self.open[-1]]
            if ahead == closer != "’":
                return "’" if before[-1] in "sxz" and after[:1] == " " else ""
            if before[-1] == "s" and GENITIVE_TAIL.match(after) and closer != "’":
                return "’"
            return closer
        right = _determine_char_kind(after[:1])
        dashes = habits.count(DASHES, "aA0", right)
        if dashes and dashes >= habits.count("“”«»’", _determine_char_kind(before[-1]), right):
            return habits.find_usual_mark(DASHES, _determine_char_kind(before[-1]), right) or habits.dash
        if before[-1] == "s" and after[:1] == " ":
            return "’"
        if before[-1].isalpha() and not habits.english:
            return ""
        return habits.closers.get(habits.opener, "") or ("”" if habits.english and before[-1] in ".,?!" else "")

    def _guess_in_chinese(self, at: int) -> str:
        """Beside Chinese, Japanese or Korean characters: half of a double dash, or the other half of a pair."""
        if "—" in self.chars[max(0, at - 1) : at + 2]:
            return "—"
        ahead = self._find_next_quote(at)
        if self.open and ahead != self.habits.closers[self.open[-1]]:
            return self.habits.closers[self.open[-1]]
        return {"”": "“", "’": "‘"}.get(ahead, "") if not self.open or ahead == "’" else ""


def _extract_first_word(text: str) -> str:
    """The letters that a text starts with."""
    found = FIRST_WORD.match(text)
    return found[0] if found else ""


def _extract_last_word(text: str) -> str:
    """The letters that a text ends with."""
    at = len(text)
    while at and text[at - 1].isalpha():
        at -= 1
    return text[at:]
