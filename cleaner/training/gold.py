"""What each line of a training page is, from the page's gold: article or not, and its role where one is known."""

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from rapidfuzz.distance import LCSseq

from cleaner.document import ARTICLE_ROLES, Block
from cleaner.text.scripts import KANA_TO_IDEOGRAPHS, UNSPACED
from cleaner.text.shape import build_match_key

FOLD_COUNT = 5
"""Parts of the pages in cross-validation: each is judged by a model fitted to the others."""

CONTESTED_ROLES = frozenset({"fact-box", "embed", "pull-quote"})
"""Roles that gold sets disagree on: their lines teach nothing."""

MIN_MATCHED_SHARE = 0.5
"""Share of a line's words that stand in the gold's order, from which the line is article."""

_WORD_PATTERN = re.compile(rf"[{UNSPACED}]|[^\W_{KANA_TO_IDEOGRAPHS}]+")

MIN_TRIGRAM_WORDS = 3
"""Words from which a line is looked for by its trigrams; a shorter one must stand in the gold as it is."""

MIN_TRIGRAM_SHARE = 0.5
"""Share of a line's trigrams that the gold must have for its words to be matched with the gold's."""

MIN_OPTIONAL_SHARE = 0.5
"""Share of a line's matched words above which, if they stand in optional paragraphs, the line says nothing."""


Gold = TypedDict(
    "Gold",
    {
        "body": list[str],  # paragraphs
        "lang": str | None,
        "title": str | None,
        "titles": list[str],
        "optional": list[int],  # numbers of the paragraphs that need not be kept
        "roles": list[str],  # one for each line of the rendering R2
        "with": list[str],  # pieces that must stay
        "without": list[str],  # pieces that must go
    },
    total=False,
)
"""What is known of a page; every key may be missing."""


class TrainingPage(TypedDict, total=False):
    """A page with its gold, its HTML, and its renderings as text by their names."""

    id: str
    url: str | None
    set: str
    template: str
    publisher: str
    html: str
    taught: bool  # labelled by HTML mode
    text: dict[str, str]
    gold: Gold


def split_words(text: str) -> list[str]:
    """The words of a text; single characters where words are not spaced."""
    return _WORD_PATTERN.findall(text)


def read_pages(paths: Iterable[Path]) -> Iterator[TrainingPage]:
    """The pages of all files."""
    return read_rows(paths)


def read_rows(paths: Iterable[Path]) -> Iterator[Any]:
    """The rows of all files: JSON Lines, `.gz` too; what a row holds is known to who asks."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            yield from map(json.loads, filter(str.strip, lines))


def label_texts(page: TrainingPage, texts: Sequence[str]) -> list[int]:
    """For each text 1 if the page's gold body has it, 0 if not, -1 if that says nothing: titles, optional parts.

    A short line inside the article that the page marks as a list or a table cell, and the gold leaves out, is -1 too.
    """
    gold = page["gold"]
    found = list(map(split_words, texts))
    hits, aside = _match_words(gold, texts, found)
    titles = set(map(build_match_key, list_titles(page)))
    out = []
    for text, line, hit, optional in zip(texts, found, hits, aside, strict=True):
        article = bool(line) and hit >= MIN_MATCHED_SHARE * len(line)
        unsure = optional > MIN_OPTIONAL_SHARE * hit if article else build_match_key(text) in titles
        out.append(-1 if unsure or not line else int(article))
    _unlabel_marked_texts(page, texts, out)
    return out


def _match_words(gold: Gold, texts: Sequence[str], found: Sequence[list[str]]) -> tuple[list[int], list[int]]:
    """For each text the words that the longest common subsequence with the gold has, and those of them that stand in
    optional paragraphs; `found` are the words of each text."""
    body = [(word, number) for number, part in enumerate(gold["body"]) for word in split_words(part)]
    wanted = [word for word, _ in body]
    likely = _find_likely_texts(gold, wanted, texts, found)
    own = [(word, i) for i in likely for word in found[i]]
    optional = set(gold.get("optional") or ())
    hits, aside = [0] * len(texts), [0] * len(texts)
    for block in LCSseq.opcodes(wanted, [word for word, _ in own]):
        for step in range(block.src_end - block.src_start) if block.tag == "equal" else ():
            i = own[block.dest_start + step][1]
            hits[i] += 1
            aside[i] += body[block.src_start + step][1] in optional
    return hits, aside


def _find_likely_texts(
    gold: Gold, wanted: Sequence[str], texts: Sequence[str], found: Sequence[list[str]]
) -> Iterable[int]:
    """Numbers of the texts that the gold may have: by their trigrams, or whole if they are short."""
    whole = set(map(build_match_key, gold["body"]))
    joined = f" {' '.join(wanted)} "
    grams = set(_list_trigrams(wanted))
    for i, line in enumerate(found):
        if len(line) >= MIN_TRIGRAM_WORDS:
            own = list(_list_trigrams(line))
            is_likely = sum(map(grams.__contains__, own)) >= MIN_TRIGRAM_SHARE * len(own)
        else:
            is_likely = bool(line) and (build_match_key(texts[i]) in whole or f" {' '.join(line)} " in joined)
        if is_likely:
            yield i


def _list_trigrams(words: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    return zip(words, words[1:], words[2:], strict=False)


def _unlabel_marked_texts(page: TrainingPage, texts: Sequence[str], labels: list[int]) -> None:
    """Sets the label of list items, table cells and quotations inside the article that the gold leaves out to -1."""
    inside = [i for i, label in enumerate(labels) if label == 1]
    marked = _collect_marked_texts(page) if inside and page.get("html") else set()
    for i in range(inside[0], inside[-1]) if marked else ():
        if labels[i] == 0 and build_match_key(texts[i]) in marked:
            labels[i] = -1


def _collect_marked_texts(page: TrainingPage) -> set[str]:
    """Texts of the page's list items, table cells and quotations, in the form in which lines are compared."""
    from lxml import etree, html

    try:
        tree = html.fromstring(page["html"].encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    except (ValueError, etree.LxmlError):
        return set()
    parts = [*tree.iter("li", "td", "th", "blockquote"), *tree.iterfind(".//blockquote//p")]
    return {build_match_key(" ".join(map(str, part.itertext()))) for part in parts}


def label_roles(page: TrainingPage, blocks: Sequence[Block], source: str) -> list[str] | None:
    """The role of each block, by the characters it shares with the labelled lines of the page's R2; None without them.

    A rendering is a stretch of R2 but for white space, with the title perhaps put in front.
    """
    if "roles" not in page["gold"]:
        return None
    lines = list(filter(str.strip, page["text"]["R2"].split("\n")))
    of = [role for line, role in zip(lines, page["gold"]["roles"], strict=True) for _ in _strip_spaces(line)]
    whole, part = _strip_spaces("".join(lines)), _strip_spaces(source)
    titles = [0, *(len(_strip_spaces(title)) for title in list_titles(page))]
    put = next((size for size in titles if part[size:] in whole), None)
    if put is None:
        return None
    at = whole.index(part[put:]) - put
    before = np.concatenate(([0], np.cumsum([not char.isspace() for char in source]))).tolist()
    spans = [range(before[block.start], before[block.end]) for block in blocks]
    return [_find_most_frequent(["title" if i < put else of[at + i] for i in span]) for span in spans]


def _find_most_frequent(roles: Sequence[str]) -> str:
    """The role of most characters, the first of several; `other` for a block without any."""
    return max(dict.fromkeys(roles), key=roles.count, default="other")


def list_titles(page: TrainingPage) -> list[str]:
    """The titles that the gold gives."""
    gold = page["gold"]
    titles: Sequence[str | None] = gold.get("titles") or [gold.get("title")]
    return list(filter(None, titles))


def _strip_spaces(text: str) -> str:
    return "".join(text.split())


def label_role(role: str) -> int:
    """1 for a role of the article, 0 for any other, -1 for one that is contested."""
    return -1 if role in CONTESTED_ROLES else int(role in ARTICLE_ROLES)
