"""Talks in a plain text: lines or words that name who speaks, again and again, each with what is said behind it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

from cleaner.text.shape import count_words, is_open

MAX_SPEAKER_WORDS, MAX_SPEAKER_CHARS = 4, 40
"""Words and characters of who speaks, at most: a name, a name with its title, `Q`."""

MIN_TURNS, MIN_SPEAKER_TURNS, MIN_SPEAKERS = 4, 2, 2
"""Turns of a talk, of each of its speakers, and speakers, at least: a label stands once, and a menu says nothing."""

_SPEAKER_PATTERN = re.compile(rf"[^\W\d_][^\d:：]{{0,{MAX_SPEAKER_CHARS - 1}}}+(?=[:：]|\Z)")
"""What parts a speaker from what is said on the same line, in any script."""

_PARTING_CHARS = " :："
"""What stands between a speaker and what is said."""

_QUESTION_CHARS = frozenset("?？؟;՞")
"""What ends a question: a talk has some, and what else names the same persons again has none."""


class _Turn(NamedTuple):
    """Number of the line that names the speaker, the speaker, and the number of the line behind what is said."""

    start: int
    speaker: str
    stop: int
    asks: bool
    is_whole: bool


def find_talks(lines: Sequence[str]) -> Iterator[range]:
    """Numbers of the lines of each talk: at least two speakers take turns, all they say are sentences, and one asks.

    Lines without letters, as of the time, are looked through.  A list of labels with headlines has no sentences, and
    comments have dates and links between them.
    """
    # most texts ask nothing
    if not any(line.rstrip(_PARTING_CHARS)[-1:] in _QUESTION_CHARS for line in lines):
        return
    speakers = list(map(_name_speaker, lines))
    several = {name for name, count in Counter(speakers).items() if name and count >= MIN_SPEAKER_TURNS}
    starts = [i for i, speaker in enumerate(speakers) if speaker in several]
    if len(starts) < MIN_TURNS or len(several) < MIN_SPEAKERS:
        return
    run: list[_Turn] = []
    for start, stop in pairwise([*starts, len(lines)]):
        turn = _read_turn(lines, start, stop, speakers[start])
        if turn.stop > start:
            run.append(turn)
        # a label with no sentence behind it, or with something else behind the sentences, ends the talk
        if turn.stop == start or not turn.is_whole:
            yield from _check_run(run)
            run = []
    yield from _check_run(run)


def _name_speaker(line: str) -> str:
    """Who speaks, as a line names them that says nothing else, or before its colon; empty for any other line."""
    found = None if line[0].islower() else _SPEAKER_PATTERN.match(line)
    name = found[0].strip() if found else ""
    return name if name and count_words(name) <= MAX_SPEAKER_WORDS and is_open(name) else ""


def _read_turn(lines: Sequence[str], start: int, stop: int, speaker: str) -> _Turn:
    """The turn that begins on a line and ends at most at another; one that says nothing stops where it starts."""
    rest = lines[start][len(speaker) :].strip(_PARTING_CHARS)
    said = [(start, rest)] if rest else []
    said += [(i, lines[i]) for i in range(start + 1, stop) if any(map(str.isalpha, lines[i]))]
    whole = list(takewhile(lambda one: not is_open(one[1]), said))
    end = whole[-1][0] + 1 if whole else start
    return _Turn(start, speaker, end, any(text[-1] in _QUESTION_CHARS for _, text in whole), len(whole) == len(said))


def _check_run(run: Sequence[_Turn]) -> Iterator[range]:
    """The lines of turns one behind the other, if they are a talk."""
    times = Counter(turn.speaker for turn in run)
    several = [speaker for speaker, count in times.items() if count >= MIN_SPEAKER_TURNS]
    if len(run) >= MIN_TURNS and len(several) >= MIN_SPEAKERS and any(turn.asks for turn in run):
        yield range(run[0].start, run[-1].stop)
