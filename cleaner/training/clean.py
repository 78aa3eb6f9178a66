"""Clean texts that teach the line model to leave such texts alone: an article alone, and lines of speech made of it.

Interviews, dialogues, poems and lists are rare in any set of pages.  They are made from the sentences of an article,
so they are written as people write in its language.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence

SENTENCE_PATTERN = re.compile(r"[^.!?…。！？؟।]+[.!?…。！？؟।]+[\"'”’»」]?")

MIN_SENTENCES = 12
"""Sentences of the shortest article of which something is made."""

MAX_SENTENCES = 60
"""Sentences that are used: longer talks teach nothing more."""

MAX_ANSWER_WORDS = 6
"""Words of a short answer."""

SHORT_SHARE = 0.35
"""Share of the turns of a talk that are a few words."""

LINE_WORDS = (3, 8)
"""Words of a line of verse, at least and at most."""

STANZA_LINES = 4
"""Lines of a stanza."""

MIN_NAME_LETTERS = 3
"""Letters of a word that stands for a name."""

TITLED_SHARE = 0.75
"""Share of the texts that have their title in front."""

LEADING_PARAGRAPHS = 2
"""Paragraphs of the article before and behind a talk, at most."""


def render_clean_texts(title: str, body: Sequence[str], chance: random.Random) -> dict[str, str]:
    """An article alone with a line for each paragraph, and something of short lines made of it; the title in front of
    most of them.  Short articles give only the first.
    """
    texts = {"paragraphs": "\n\n".join(body)} if body else {}
    sentences = [found.strip() for part in body for found in SENTENCE_PATTERN.findall(part)][:MAX_SENTENCES]
    if len(sentences) >= MIN_SENTENCES:
        write = chance.choice(WRITERS)
        before, behind = (chance.randint(0, min(LEADING_PARAGRAPHS, len(body) // 2)) for _ in range(2))
        lines = write(sentences, chance)
        texts["made"] = "\n\n".join([*body[:before], "\n".join(lines), *body[len(body) - behind :]])
    return {
        name: f"{title}\n\n{text}" if title and chance.random() < TITLED_SHARE else text for name, text in texts.items()
    }


def _list_turns(sentences: Sequence[str], chance: random.Random) -> Iterator[str]:
    """What is said in turn: a few words, or up to three sentences."""
    at = 0
    while at < len(sentences):
        size = chance.randint(1, 3)
        turn = " ".join(sentences[at : at + size])
        yield _cut_sentence(turn, chance) if chance.random() < SHORT_SHARE else turn
        at += size


def _cut_sentence(text: str, chance: random.Random) -> str:
    """The first words of a sentence with its last sign, or with a question mark."""
    words = text.split()[: chance.randint(1, MAX_ANSWER_WORDS)]
    return " ".join(words).rstrip(",;:.!?…") + chance.choice((".", ".", "?", "!", text[-1]))


def _choose_names(sentences: Sequence[str], chance: random.Random) -> list[str]:
    """Two speakers: words of the text with a capital, where its writing has any."""
    words = sorted({word for text in sentences for word in re.findall(r"\w+", text) if len(word) >= MIN_NAME_LETTERS})
    words = [word for word in words if word[0].isupper()] or words
    return [" ".join(chance.choice(words) for _ in range(chance.randint(1, 2))) for _ in range(2)]


def write_interview(sentences: Sequence[str], chance: random.Random) -> list[str]:
    """A talk in which a line before each turn names the speaker, and perhaps the time."""
    names, second, timed = _choose_names(sentences, chance), 0, chance.random() < 1 / 2
    lines = []
    for number, turn in enumerate(_list_turns(sentences, chance)):
        second += chance.randint(2, 50)
        stamp = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        lines += [names[number % 2], *([stamp] if timed else []), turn, ""]
    return lines


def write_labelled_talk(sentences: Sequence[str], chance: random.Random) -> list[str]:
    """A talk whose turns begin with the speaker, with letters or with dashes."""
    first, second = _choose_names(sentences, chance)
    marks = chance.choice(
        ((f"{first}: ", f"{second}: "), ("Q: ", "A: "), ("— ", "— "), ("– ", "– "), (f"{first.upper()}: ", ""))
    )
    return [marks[number % 2] + turn for number, turn in enumerate(_list_turns(sentences, chance))]


def write_dialogue(sentences: Sequence[str], chance: random.Random) -> list[str]:
    """A talk in quotation marks, a line for each turn."""
    left, right = chance.choice(("“”", "„“", "«»", "「」", '""', "»«"))
    return [f"{left}{turn}{right}" for turn in _list_turns(sentences, chance)]


def write_short_lines(sentences: Sequence[str], chance: random.Random) -> list[str]:
    """A line for each sentence, some of them a few words."""
    return [line for turn in _list_turns(sentences, chance) for line in (turn, "")]


def write_verse(sentences: Sequence[str], chance: random.Random) -> list[str]:
    """Stanzas of short lines."""
    words = " ".join(sentences).split()
    lines: list[str] = []
    while words:
        size = chance.randint(*LINE_WORDS)
        lines += [" ".join(words[:size]), *([""] if len(lines) % (STANZA_LINES + 1) == STANZA_LINES - 1 else [])]
        words = words[size:]
    return lines


Writer = Callable[[Sequence[str], random.Random], list[str]]

WRITERS: tuple[Writer, ...] = (write_interview, write_labelled_talk, write_dialogue, write_short_lines, write_verse)
"""What is made of an article, one of them for each."""
