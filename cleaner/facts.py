"""What stages and readers say to each other: every key of a fact with its type, its writers and its readers, the types
of the values, and how far each place of a page is trusted.

A reader or a stage makes a fact with `KEY.make(rule, value, span)`, and another reads it with `KEY.find(document)`,
`KEY.pick(facts)` and `KEY.read(fact)`, so that mypy checks both ends.  `check_fact` refuses what the table does not
allow: the tests run every stage and every reader through it.

A record's field is a key with the field's name; `cleaner.record` makes the record from these.  Three namespaces hold
what is not settled yet: `markup.` what a page's markup says, as written; `raw.` what a rule captured from a line, as
written; `evidence.` what the markup says, read, before it is weighed against the lines.
"""

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from enum import Enum
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Generic, Literal, Protocol, TypeVar, cast

from msgspec import Struct

from cleaner.document import Document, Edit, Fact, FactValue
from cleaner.errors import StageError
from cleaner.text.dates.stamp import Stamp
from cleaner.text.names.person import Person

RULES = {"input": "The input itself says so, beside the text."}
"""The rule of facts that a caller or an input file gives."""

# ---------------------------------------------------------------- values


class Dateline(Struct, frozen=True):
    """The place an article reports from, as its first paragraph opens with it."""

    place: str
    raw: str = ""


class Publisher(Struct, frozen=True):
    """Who published the article."""

    name: str | None = None
    domain: str | None = None


class Copyright(Struct, frozen=True):
    """A copyright notice and what it says."""

    holder: str | None = None
    year: int | None = None
    notice: str | None = None


class Media(Struct, frozen=True):
    """An image or a video: what its caption, credit and address were."""

    caption: str | None = None
    credit: str | None = None
    url: str | None = None


class Evidence(Struct, frozen=True):
    """A sign of translation: `start` and `end` are code points of the source as read."""

    rule: str
    kind: str
    text: str
    start: int
    end: int


class Translation(Struct, frozen=True):
    """Whether the text reads as translated, and what shows it."""

    verdict: Literal["none", "suspected", "confirmed"] = "none"
    score: float | None = None
    source_language: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Party(Struct, frozen=True):
    """Somebody or something that the markup names: `kind` is `person`, `organization`, or empty where it does not say;
    `part` is a role of `cleaner.text.names.Role`."""

    name: str
    kind: str = ""
    part: str = "author"


class Picture(Struct, frozen=True):
    """A picture: its address made whole, or empty where the page's own is not known.

    `path` holds the numbers of the elements around it as `Hints.path` does.  One that `decorates` is an icon, a logo,
    or stands in a menu; `alone` says that it does not, and links to no other page.
    """

    url: str
    path: tuple[int, ...]
    decorates: bool = False
    alone: bool = True


# ---------------------------------------------------------------- keys

V = TypeVar("V", bound=FactValue)


class Span(Protocol):
    """Anything with a start and an end in code points of the source: a block, a fact, an edit."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Key(Struct, Generic[V], frozen=True):
    """A key of facts: the type of its values, who writes such facts and who reads them.

    Writers and readers are stages by their names, and else `input` (a caller or an input file), `html`, `markdown` and
    `mail` (the readers of pages and of such texts), `document`, `record` and `pipeline`; `report` stands for what only
    shows a document to people.
    """

    name: str
    kind: type[V]
    written_by: str
    read_by: str = "record"

    def make(self, rule: str, value: V, span: Span | None = None) -> Fact:
        """A fact with this key, shown by a span of the source, if by any."""
        return Fact(rule, self.name, value, span.start, span.end) if span else Fact(rule, self.name, value)

    def make_each(self, rule: str, values: Iterable[V], span: Span | None = None) -> Iterator[Fact]:
        """A fact with each of these values, all by one rule and shown by one span."""
        return (self.make(rule, value, span) for value in values)

    def read(self, fact: Fact) -> V:
        """The value of a fact that has this key."""
        return cast(V, fact.value)

    def pick(self, facts: Iterable[Fact]) -> list[Fact]:
        """The facts with this key, in their order."""
        return [fact for fact in facts if fact.key == self.name]

    def list_values(self, facts: Iterable[Fact]) -> list[V]:
        """The values of the facts with this key, in their order."""
        return list(map(self.read, self.pick(facts)))

    def find(self, document: Document) -> V | None:
        """The value of the document's first fact with this key, or None."""
        return cast(V | None, document.find_fact(self.name))


TITLE = Key(
    "title",
    str,
    "input markup extraction titles metadata",
    "record markup extraction titles metadata lines surroundings",
)
KICKER = Key("kicker", str, "markup extraction titles metadata")
STANDFIRST = Key("standfirst", str, "extraction titles")
AUTHORS = Key("authors", Person, "metadata", "record metadata ends")
PUBLISHED = Key("published", Stamp, "metadata", "record metadata")
MODIFIED = Key("modified", Stamp, "metadata", "record metadata")
DATELINE = Key("dateline", Dateline, "metadata")
AGENCIES = Key("agencies", str, "markup metadata translation", "record metadata")
PUBLISHER = Key("publisher", Publisher, "markup metadata")
SECTION = Key("section", str, "markup metadata")
TAGS = Key("tags", str, "markup metadata", "record ends")
COPYRIGHT = Key("copyright", Copyright, "markup metadata")
IMAGES = Key("images", Media, "captions", "record captions")
VIDEOS = Key("videos", Media, "markup captions")
LANGUAGE = Key(
    "language",
    str,
    "input language",
    "record language markup extraction rejoin boilerplate metadata passages translation repair",
)
LANGUAGE_CONFIDENCE = Key("language_confidence", float, "language")
TRANSLATION = Key("translation", Translation, "translation", "record report")
CANONICAL_URL = Key("canonical_url", str, "markup")
FLAGS = Key("flags", str, "input html markdown mail markup extraction metadata", "record extraction captions")

MARKUP_TITLE = Key("markup.title", str, "html markdown mail", "markup")
MARKUP_KICKER = Key("markup.kicker", str, "html", "markup")
MARKUP_AUTHORS = Key("markup.authors", Party, "html markdown mail", "markup")
MARKUP_PUBLISHED = Key("markup.published", str, "html markdown mail", "markup")
MARKUP_MODIFIED = Key("markup.modified", str, "html markdown", "markup")
MARKUP_LANGUAGE = Key("markup.language", str, "html markdown", "markup language")
MARKUP_PUBLISHER = Key("markup.publisher", str, "html markdown", "markup")
MARKUP_SECTION = Key("markup.section", str, "html markdown", "markup")
MARKUP_TAGS = Key("markup.tags", str, "html markdown", "markup")
MARKUP_IMAGES = Key("markup.images", Media, "html markdown", "markup")
MARKUP_VIDEOS = Key("markup.videos", Media, "html", "markup")
MARKUP_CANONICAL_URL = Key("markup.canonical_url", str, "html markdown", "markup html")
MARKUP_HOLDER = Key("markup.copyright.holder", str, "html", "markup")
MARKUP_YEAR = Key("markup.copyright.year", str, "html", "markup")
MARKUP_FLAGS = Key("markup.flags", str, "html", "markup")

EVIDENCE_AUTHORS = Key("evidence.authors", Person, "markup", "metadata")
EVIDENCE_SIGNATURE = Key("evidence.signature", Person, "markup", "metadata")
EVIDENCE_AGENCY = Key("evidence.agency", Person, "markup", "metadata")
EVIDENCE_PUBLISHED = Key("evidence.published", Stamp, "markup", "metadata")
EVIDENCE_MODIFIED = Key("evidence.modified", Stamp, "markup", "metadata")
EVIDENCE_IMAGES = Key("evidence.images", Media, "markup", "captions")

RAW_AUTHORS = Key("raw.authors", str, "boilerplate", "metadata")
RAW_REPORTING = Key("raw.reporting", str, "boilerplate", "metadata")
RAW_WRITING = Key("raw.writing", str, "boilerplate", "metadata")
RAW_EDITING = Key("raw.editing", str, "boilerplate", "metadata")
RAW_PHOTOGRAPHY = Key("raw.photography", str, "boilerplate", "metadata")
RAW_TRANSLATION = Key("raw.translation", str, "boilerplate", "metadata translation")
RAW_PUBLISHED = Key("raw.published", str, "boilerplate", "metadata")
RAW_MODIFIED = Key("raw.modified", str, "boilerplate", "metadata")
RAW_AGENCIES = Key("raw.agencies", str, "boilerplate", "metadata")
RAW_PUBLISHER = Key("raw.publisher", str, "boilerplate", "metadata")
RAW_SECTION = Key("raw.section", str, "boilerplate", "metadata")
RAW_TAGS = Key("raw.tags", str, "boilerplate", "metadata")
RAW_KICKER = Key("raw.kicker", str, "boilerplate", "metadata")
RAW_FLAGS = Key("raw.flags", str, "boilerplate", "metadata")
RAW_HOLDER = Key("raw.copyright.holder", str, "boilerplate", "metadata")
RAW_YEAR = Key("raw.copyright.year", str, "boilerplate", "metadata")
RAW_CAPTION = Key("raw.images.caption", str, "boilerplate extraction captions", "captions")
RAW_CREDIT = Key("raw.images.credit", str, "boilerplate extraction metadata captions", "captions")
RAW_VIDEO_CAPTION = Key("raw.videos.caption", str, "boilerplate", "captions")

ROLE = Key(
    "role", str, "exceptions boilerplate extraction lines titles metadata markup captions pipeline markdown", "document"
)
"""What the blocks inside the span are: they stay in the text.  The pipeline makes this of an edit, in the name of its
stage, where a user keeps the role that the edit would drop.
"""

KEEP = Key("keep", str, "exceptions markup markdown", "pipeline")
"""No stage may drop the block that begins where the fact does."""

PICTURE = Key("picture", Picture, "html", "captions")
"""A picture, at the line that it stands before."""

PASSAGE_LANGUAGE = Key("passage.language", str, "passages", "record")
"""The language of a block that is not in the document's."""

KEYS: dict[str, Key[FactValue]] = {key.name: key for key in tuple(globals().values()) if isinstance(key, Key)}
"""Every key of a fact by its name."""


def _collect_fields(namespace: str) -> dict[str, str]:
    """The names of the keys of a namespace, each with the name of its field."""
    return {name: name.removeprefix(namespace) for name in KEYS if name.startswith(namespace)}


RAW_FIELDS = _collect_fields("raw.")
"""The field that each key of the namespace `raw.` is about; a rule can capture these."""

MARKUP_FIELDS = _collect_fields("markup.")
EVIDENCE_FIELDS = _collect_fields("evidence.")
"""The same of the namespaces `markup.` and `evidence.`."""


def get_key(name: str) -> Key[FactValue]:
    """The key of this name; raises `StageError` with the name that may have been meant."""
    if name in KEYS:
        return KEYS[name]
    meant = get_close_matches(name, KEYS, 1)
    cure = f"did you mean {meant[0]!r}?" if meant else "cleaner.facts has the table of keys"
    raise StageError(f"there is no key {name!r} for a fact; {cure}")


def check_fact(fact: Fact, writer: str = "") -> None:
    """Raises `StageError` for a fact with an unknown key, with a value of another type than its key's, or from a
    writer that the key does not list; a `writer` that no key lists (a user's own stage) may write them all.
    """
    key = get_key(fact.key)
    if not isinstance(fact.value, key.kind):
        wrong = type(fact.value).__name__
        raise StageError(f"the fact {fact.key!r} by {fact.rule!r} is a {wrong}, but takes a {key.kind.__name__}")
    if writer in WRITERS and writer not in key.written_by.split():
        raise StageError(f"{writer!r} is no writer of facts {fact.key!r}: list it in cleaner.facts, or mend the key")


WRITERS = frozenset(" ".join(key.written_by for key in KEYS.values()).split())
"""Everybody whom the table lists as a writer."""

# ---------------------------------------------------------------- places

NEVER = 99
"""The rank of a place that is not asked."""


class Trust(Struct, frozen=True, kw_only=True):
    """How far one place of a page is trusted; of several places the one with the smallest rank is believed.

    `authors` ranks those who name an author, and all places of one rank are believed together.  `signature` ranks those
    from which a house or a user may sign where no person is named.  `published` is what a place weighs for a day of
    publication.  Where none has weight, the only date is taken by the ranks `only_published` and `only_modified` (a
    page often calls its only date the last change).  `modified` ranks places of the last change.
    """

    authors: int = NEVER
    signature: int = NEVER
    published: float = 0
    only_published: int = NEVER
    only_modified: int = NEVER
    modified: int = NEVER


class Place(Enum):
    """A place of a page or a text from which a fact is: the rules (`*` for any letters) that name it, and its trust.

    Authors were right on pages with hand-made metadata: JSON-LD .86 to .97, a byline near the headline .78 to .94, what
    lines say .83 to .87, one far away .56 to .83.

    Weights of days: the places that a system fills by itself err together (the time zone, the day of a draft), so what
    the page shows near its headline outweighs any one of them.  Chosen on four collections of dated pages; with weights
    chosen on four fifths of their templates, the fifth was right on .88 to .98.  Of days with equal weight the one
    whose place comes first here is taken.

    `ABOVE` the headline and `FAR` behind it (`cleaner.html.bylines`) other articles have their bylines and dates.
    """

    MICRODATA_ABOVE = "microdata.*.above", Trust(authors=8, only_published=2, only_modified=8, modified=2)
    MICRODATA_FAR = "microdata.*.far", Trust(authors=9, modified=2)
    MICRODATA = "microdata.*", Trust(authors=6, signature=2, published=1.1, only_modified=8, modified=2)
    REL_ABOVE = "rel.*.above", Trust(authors=8)
    REL_FAR = "rel.*.far", Trust(authors=9)
    REL = "rel.*", Trust(authors=6, signature=1)
    BYLINE_ABOVE = "byline.above", Trust(authors=8)
    BYLINE_FAR = "byline.far", Trust(authors=9)
    BYLINE = "byline", Trust(authors=6, signature=3)
    TIME_ABOVE = "time.*.above", Trust(only_published=0, only_modified=4, modified=3)
    TIME_FAR = "time.*.far", Trust(modified=3)
    TIME = "time.*", Trust(published=1.1, only_modified=4, modified=3)
    DATE_ABOVE = "date.*.above", Trust(only_published=1, only_modified=5, modified=4)
    DATE_FAR = "date.*.far", Trust(modified=4)
    DATE = "date.*", Trust(published=1.1, only_modified=5, modified=4)
    JSON_LD_AUTHOR = "json-ld.author", Trust(authors=0, signature=0)
    JSON_LD_CREATOR = "json-ld.creator", Trust(authors=1, signature=0)
    JSON_LD_PUBLISHED = "json-ld.datePublished", Trust(published=1.0)
    JSON_LD = "json-ld.*", Trust(signature=0, only_published=3, only_modified=9, modified=0)
    OPENGRAPH = "opengraph.*", Trust(authors=2, signature=4, published=0.75, only_modified=10, modified=1)
    META = "meta.*", Trust(authors=4, signature=4, published=0.4, only_modified=11, modified=6)
    DUBLIN_CORE = "dublin-core.*", Trust(authors=3, signature=4, published=0.4, modified=7)
    TWITTER_LABEL = "twitter.label", Trust(authors=5)
    TWITTER = "twitter.*", Trust(authors=5, signature=4)
    RULE = "", Trust(authors=7, published=0.5, only_modified=6, modified=5)
    """What the rule of a pack read out of a line ("By Jane Doe"): every rule that is named nowhere else here."""
    BARE = "metadata.*", Trust(published=0.2, only_modified=7, modified=8)
    """What only looks like a name or a date."""
    URL = "url", Trust(published=0.3)
    FRONT_MATTER = "front-matter.*", Trust(authors=0, signature=0, published=1.0, modified=0)
    """The head of a Markdown file, which its author or a program wrote."""
    MAIL = "mail.*", Trust(authors=8, published=1.0)
    """The headers of a mail: who sent it may be no author."""
    HEADING = "heading", Trust()
    PAGE_TITLE = "title", Trust()
    """The element `title` of a page, which often has the site's name behind it."""
    EXTRACTION = "extraction.*", Trust()
    """A whole line that the stage `extraction` took for a caption, a credit or a flag."""

    def __init__(self, rules: str, trust: Trust) -> None:
        self.rules = rules
        self.trust = trust


NEAR_PLACES = frozenset({Place.MICRODATA, Place.REL, Place.BYLINE})
"""Bylines as the page shows them, near its headline."""

SHOWN_PLACES = NEAR_PLACES | {
    Place.MICRODATA_ABOVE,
    Place.MICRODATA_FAR,
    Place.REL_ABOVE,
    Place.REL_FAR,
    Place.BYLINE_ABOVE,
    Place.BYLINE_FAR,
    Place.RULE,
}
"""Places of an author that a reader sees."""

STATED_PLACES = frozenset(Place) - {
    Place.RULE,
    Place.BARE,
    Place.EXTRACTION,
    Place.URL,
    Place.HEADING,
    Place.PAGE_TITLE,
    Place.TWITTER,
    Place.TWITTER_LABEL,
}
"""Places where the markup states who wrote the article; a Twitter card names accounts."""

PLACE_CACHE_SIZE = 4096
"""Rules whose place is remembered: more than the shipped packs have."""


def place_of(fact: Fact) -> Place:
    """The place that a fact is from, by its rule."""
    return _find_place(fact.rule)


def pick_places(facts: Iterable[Fact], places: Collection[Place]) -> list[Fact]:
    """The facts that are from one of these places, in their order."""
    return [fact for fact in facts if place_of(fact) in places]


@lru_cache(PLACE_CACHE_SIZE)
def _find_place(rule: str) -> Place:
    """The first place in the order of the enum whose pattern fits a rule; most rules are those of packs."""
    return next((place for place in Place if fnmatchcase(rule, place.rules)), Place.RULE)


# ---------------------------------------------------------------- rules of stages

AROUND_RULE = "lines.around"
"""The rule of the edits by which the line model drops what stands around an article."""

TEXT_STAGE_RULES = ("caption.", "metadata.", "title.")
"""Beginnings of the rules of the stages that go before the line model on a text."""


HEADLINE_RULE = "title.headline"
"""The rule of the line that the ranker of titles takes for the title."""


def is_model_edit(edit: Edit) -> bool:
    """Whether a trained model had a say in an edit: that of lines, of titles, or of pages (the stage `extraction`)."""
    return edit.rule in (AROUND_RULE, HEADLINE_RULE) or edit.stage == "extraction"


def is_by_stage(fact: Fact, stages: Iterable[str]) -> bool:
    """Whether a fact is by one of these stages, whose rules begin with the stage's name."""
    return fact.rule.partition(".")[0] in stages
