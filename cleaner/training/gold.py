"""What each line of a training page is, from the page's gold: article or not, and its role where one is known."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from rapidfuzz.distance import LCSseq

from cleaner.document import ARTICLE_ROLES, Block
from cleaner.text.scripts import KANA_TO_IDEOGRAPHS, UNSPACED
from cleaner.text.shape import build_match_key

CONTESTED_ROLES = frozenset({"fact-box", "embed", "pull-quote"})
"""Roles that gold sets disagree on: their lines teach nothing."""

MIN_MATCHED_SHARE = 0.5
"""Share of a line's words that stand in the gold's order, from which the line is article."""

_WORD_PATTERN = re.compile(rf"[{UNSPACED}]|[^\W_{KANA_TO_IDEOGRAPHS}]+")

TrainingPage = dict[str, Any]


def label_texts(page: TrainingPage, texts: Sequence[str]) -> list[int]:
    """For each text 1 if the page's gold body has it, 0 if not, -1 if that says nothing: titles, optional parts.

    A short line inside the article that the page marks as a list or a table cell, and the gold leaves out, is -1 too.
    """
    gold = page["gold"]
    wanted: list[str] = []
    part: list[int] = []
    for number, paragraph in enumerate(gold["body"]):
        words = _WORD_PATTERN.findall(paragraph)
        wanted += words
        part += [number] * len(words)
    optional = set(gold.get("optional") or ())
    titles = {build_match_key(title) for title in gold.get("titles") or [gold.get("title")] if title}
    whole = {build_match_key(paragraph) for paragraph in gold["body"]}
    joined = f" {' '.join(wanted)} "
    grams = set(zip(wanted, wanted[1:], wanted[2:], strict=False))
    found = [_WORD_PATTERN.findall(text) for text in texts]
    words, owner = [], []
    for i, line in enumerate(found):
        if len(line) < 3:
            may = bool(line) and (build_match_key(texts[i]) in whole or f" {' '.join(line)} " in joined)
        else:
            here = sum(gram in grams for gram in zip(line, line[1:], line[2:], strict=False))
            may = 2 * here >= len(line) - 2
        if may:
            words += line
            owner += [i] * len(line)
    hits = [0] * len(texts)
    aside = [0] * len(texts)
    for block in LCSseq.opcodes(wanted, words):
        if block.tag == "equal":
            for step in range(block.src_end - block.src_start):
                line_number = owner[block.dest_start + step]
                hits[line_number] += 1
                aside[line_number] += part[block.src_start + step] in optional
    out = []
    for i, line in enumerate(found):
        article = bool(line) and hits[i] >= MIN_MATCHED_SHARE * len(line)
        unsure = not line or (2 * aside[i] > hits[i] if article else build_match_key(texts[i]) in titles)
        out.append(-1 if unsure else int(article))
    inside = [i for i, label in enumerate(out) if label == 1]
    marked = _collect_marked_texts(page) if inside and page.get("html") else set()
    for i in range(inside[0], inside[-1]) if marked else ():
        if out[i] == 0 and build_match_key(texts[i]) in marked:
            out[i] = -1
    return out


def _collect_marked_texts(page: TrainingPage) -> set[str]:
    """Texts of the page's list items, table cells and quotations, in the form in which lines are compared."""
    from lxml import html

    try:
        tree = html.fromstring(page["html"].encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    except (ValueError, html.etree.LxmlError):
        return set()
    parts = [*tree.iter("li", "td", "th", "blockquote"), *tree.iterfind(".//blockquote//p")]
    return {build_match_key(" ".join(map(str, part.itertext()))) for part in parts}


def label_roles(page: TrainingPage, blocks: Sequence[Block], source: str) -> list[str] | None:
    """The role of each block, by the characters it shares with the labelled lines of the page's R2; None without them.

    A rendering is a stretch of R2 but for white space, with the title perhaps put in front.
    """
    if "roles" not in page["gold"]:
        return None
    lines = [line for line in page["text"]["R2"].split("\n") if line.strip()]
    of = [role for line, role in zip(lines, page["gold"]["roles"], strict=True) for _ in _strip_spaces(line)]
    whole, part = _strip_spaces("".join(lines)), _strip_spaces(source)
    put = next((n for n in (0, *_measure_titles(page)) if part[n:] in whole), None)
    if put is None:
        return None
    at = whole.index(part[put:]) - put
    before = np.concatenate(([0], np.cumsum([not char.isspace() for char in source]))).tolist()
    out = []
    for block in blocks:
        mine = ["title" if i < put else of[at + i] for i in range(before[block.start], before[block.end])]
        out.append(max(dict.fromkeys(mine), key=mine.count) if mine else "other")
    return out


def _measure_titles(page: TrainingPage) -> list[int]:
    return [len(_strip_spaces(title)) for title in page["gold"].get("titles") or [page["gold"].get("title")] if title]


def _strip_spaces(text: str) -> str:
    return "".join(text.split())


def label_by_role(found: Sequence[str]) -> list[int]:
    """1 for roles of the article, 0 for others, -1 for those that are contested."""
    return [-1 if role in CONTESTED_ROLES else int(role in ARTICLE_ROLES) for role in found]
