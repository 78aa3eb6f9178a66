"""Whether a rule can ever be asked: what it calls itself, and the sites, languages and confidence that it names.

A rule with the address of a page for a site, or the name of a language for its code, reads well and never hits.
"""

import re
from collections.abc import Iterator

from cleaner.rules.model import Rule
from cleaner.text import languages
from cleaner.text.language_id import normalize_code
from cleaner.text.urls import normalize_host, parse_host

_ID_PATTERN = re.compile(r"[\w.-]+")
_UNNAMEABLE_SIGNS = re.compile(r"[^\w.-]+")
_CODE_PATTERN = re.compile("[a-z]{2,3}")

SHORT_CODE_CHARS = 2
"""Letters of a code of ISO 639-1; the record has a longer one only for a language without."""


def check_reach(rule: Rule) -> Iterator[str]:
    """What keeps a rule from being asked or named, each with its cure."""
    if not _ID_PATTERN.fullmatch(rule.id):
        meant = _UNNAMEABLE_SIGNS.sub(".", rule.id).strip(".").lower() or "own.slot"
        yield f"id: {rule.id!r} has other signs than letters, digits, . - and _; write {meant}"
    for site in rule.sites:
        yield from _check_site(site)
    for language in rule.languages:
        yield from _check_language(language)
    if not 0 <= rule.confidence <= 1:
        yield f"confidence: {rule.confidence:g} is not between 0 and 1"


def _check_site(site: str) -> Iterator[str]:
    """That a site is not written as the host of its pages, in small letters."""
    bare = site.strip().removeprefix("*").lstrip(".")
    host = parse_host(bare if "://" in bare else f"//{bare}")
    if not host or " " in host:
        yield f'sites: {site!r} is no host; write it as in sites = ["example.org"]'
    elif host != site:
        yield f"sites: write the host alone, {normalize_host(host)}"


def _check_language(language: str) -> Iterator[str]:
    """That a language is not written as the code that the record has for it."""
    meant = _guess_code(language)
    if meant != language:
        cure = f"did you mean {meant}?" if meant else 'write its code of ISO 639, as in languages = ["de"]'
        yield f"languages: there is no language {language}; {cure}"


def _guess_code(written: str) -> str:
    """The code that is meant by a code, a tag such as `en-GB`, or an English name; "" for what is none of them."""
    code = normalize_code(written.strip().lower().replace("_", "-"))
    known = {one: own.name.lower() for one, own in languages.load_languages().items() if one != languages.ANY}
    if code in known or (len(code) == SHORT_CODE_CHARS and _CODE_PATTERN.fullmatch(code)):
        return code
    # "eng", "ger" and "fre" open the names of their languages
    named = [one for one, name in known.items() if name.startswith(code)] if len(code) > SHORT_CODE_CHARS else []
    return named[0] if named else code if _CODE_PATTERN.fullmatch(code) else ""
