"""Pictures of a page with their captions, credits and addresses: each image of the record once, and with all three."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import clean
from cleaner.html.page import build_page_document
from cleaner.record import Article
from cleaner.stages.captions.pair import MAX_BARE_PICTURES
from cleaner.text.urls import is_decoration, normalize_picture_url

SENTENCES = [
    f"The council voted for the new bridge on Tuesday evening, said the {who}, after four hours of debate in the hall."
    for who in ("mayor", "harbour master", "clerk", "architect", "treasurer")
]
FIRST, *REST = [f"<p>{sentence}</p>" for sentence in SENTENCES]
URL = "https://courier.example/news/bridge.html"


def whole(top: str = "", middle: str = "", end: str = "", head: str = "", before: str = "") -> str:
    """A page with an article, and these parts above, inside and behind its text."""
    return (
        f"<html lang='en'><head><title>Council votes for new bridge</title>{head}</head><body>{before}<main><article>"
        f"<h1>Council votes for new bridge</h1>{top}{FIRST}{middle}{''.join(REST)}</article></main>{end}</body></html>"
    )


def images(html: str, url: str | None = URL) -> list[tuple[str | None, str | None, str | None]]:
    """The images of the record of a page; its text must be the article alone."""
    made: Article = clean(html=html, url=url)
    assert made.text == "\n\n".join(SENTENCES)
    return [(image.url, image.caption, image.credit) for image in made.images]


def figure(inside: str, caption: str = "The old bridge on a winter morning.") -> str:
    """A figure with a caption."""
    return f"<figure>{inside}<figcaption>{caption}</figcaption></figure>"


CAPTION = "The old bridge on a winter morning."
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

ADDRESSES = {
    "plain": ("<img src='/i/bridge.jpg'>", "https://courier.example/i/bridge.jpg"),
    "relative": ("<img src='i/bridge.jpg'>", "https://courier.example/news/i/bridge.jpg"),
    "without a scheme": ("<img src='//img.example/bridge.jpg'>", "https://img.example/bridge.jpg"),
    "largest of a set": (
        "<img src='/i/bridge-320.jpg' srcset='/i/bridge-640.jpg 640w, /i/bridge-1280.jpg 1280w, /i/b.jpg 9w'>",
        "https://courier.example/i/bridge-1280.jpg",
    ),
    "lazy": (f"<img src='{PIXEL}' data-src='/i/bridge.jpg'>", "https://courier.example/i/bridge.jpg"),
    "lazy set": (
        f"<img src='{PIXEL}' data-srcset='/i/bridge-640.jpg 640w, /i/bridge-1280.jpg 1280w' loading='lazy'>",
        "https://courier.example/i/bridge-1280.jpg",
    ),
    "lazy set of densities": (
        "<img src='/static/placeholder.png' data-srcset='/i/bridge.jpg 1x,/i/bridge@2x.jpg 2x'>",
        "https://courier.example/i/bridge@2x.jpg",
    ),
    "commas in a set": (
        "<img srcset='https://img.example/w_640,h_3/bridge.jpg 640w, https://img.example/w_960,h_5/bridge.jpg 960w'>",
        "https://img.example/w_960,h_5/bridge.jpg",
    ),
    "sources": (
        f"<picture><source srcset='/i/bridge.webp 600w'><source srcset='/i/bridge-1200.jpg 1200w'><img src='{PIXEL}'>"
        "</picture>",
        "https://courier.example/i/bridge-1200.jpg",
    ),
    "sources without a size": (
        "<picture><source srcset='/i/bridge-600.webp'><img src='/i/bridge-1200.jpg'></picture>",
        "https://courier.example/i/bridge-1200.jpg",
    ),
    "for those without scripts": (
        f"<img src='{PIXEL}'><noscript><img src='/i/bridge.jpg'></noscript>",
        "https://courier.example/i/bridge.jpg",
    ),
    "in a link and a button": (
        "<button><a href='/i/bridge-full.jpg'><img src='/i/bridge.jpg'></a></button>",
        "https://courier.example/i/bridge.jpg",
    ),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_caption_stands_with_the_address_of_its_picture(name: str) -> None:
    inside, address = ADDRESSES[name]
    assert images(whole(middle=figure(inside))) == [(address, CAPTION, None)]


def test_a_relative_address_starts_from_the_declared_base_else_from_the_canonical_address() -> None:
    shown = figure("<img src='bridge.jpg'>")
    base = "<base href='/static/'>"
    canonical = "<link rel='canonical' href='https://www.courier.example/a/b'>"
    assert images(whole(shown, head=base))[0][0] == "https://courier.example/static/bridge.jpg"
    assert images(whole(shown, head=canonical), url=None)[0][0] == "https://www.courier.example/a/bridge.jpg"
    assert images(whole(shown), url=None) == [(None, CAPTION, None)]


def test_two_lines_of_one_caption_are_one() -> None:
    shown = figure(
        "<img src='/bridge.jpg'>", f"<p>{CAPTION}</p><p>It is to be torn down.</p><small>Photo: Ann Lee</small>"
    )
    assert images(whole(shown)) == [
        ("https://courier.example/bridge.jpg", f"{CAPTION} It is to be torn down.", "Ann Lee")
    ]


def test_a_credit_above_its_caption_is_of_the_same_picture() -> None:
    shown = figure("<img src='/bridge.jpg'>", f"<div>Photo: Ann Lee/Reuters</div><div>{CAPTION}</div>")
    assert images(whole(shown)) == [("https://courier.example/bridge.jpg", CAPTION, "Ann Lee/Reuters")]


def test_two_pictures_with_two_captions_in_one_figure_keep_apart() -> None:
    both = "<img src='/old.jpg'><img src='/new.jpg'>"
    shown = figure(both, "<p>The old bridge in 1954.</p><p>The new bridge as drawn.</p>")
    assert images(whole(middle=shown)) == [
        ("https://courier.example/old.jpg", "The old bridge in 1954.", None),
        ("https://courier.example/new.jpg", "The new bridge as drawn.", None),
    ]


def test_every_picture_of_a_gallery_has_its_own_caption() -> None:
    shown = "".join(
        figure(f"<img src='/bridge_{n}.jpg'>", f"View number {n} of the bridge. Photo: Ann Lee") for n in (1, 2, 3)
    )
    assert images(whole(middle=f"<div class='slides'>{shown}</div>")) == [
        (f"https://courier.example/bridge_{n}.jpg", f"View number {n} of the bridge.", "Ann Lee") for n in (1, 2, 3)
    ]


def json_ld(*named: object) -> str:
    data = {"@type": "NewsArticle", "headline": "Council votes for new bridge", "image": named}
    return f"<script type='application/ld+json'>{json.dumps(data)}</script>"


def test_an_image_of_the_markup_that_the_page_shows_is_listed_once() -> None:
    own = {"@type": "ImageObject", "url": "https://img.example/w1200/bridge-1200x675.jpg", "caption": CAPTION}
    shown = figure("<img src='/files/bridge-640x360.jpg?q=80'>", f"{CAPTION} Photo: Ann Lee/Reuters")
    og = "<meta property='og:image' content='https://img.example/bridge.jpg?w=600'>"
    assert images(whole(shown, head=json_ld(own) + og)) == [
        ("https://img.example/w1200/bridge-1200x675.jpg", CAPTION, "Ann Lee/Reuters")
    ]


def test_a_caption_of_the_markup_and_of_the_page_is_one_image_whatever_the_address() -> None:
    own = {"@type": "ImageObject", "url": "https://img.example/8fd1c2.jpg", "caption": CAPTION, "creditText": "Ann Lee"}
    assert images(whole(figure("<img src='/x/old-bridge.jpg'>"), head=json_ld(own))) == [
        ("https://img.example/8fd1c2.jpg", CAPTION, "Ann Lee")
    ]


def test_what_the_page_shows_goes_before_an_alternative_text() -> None:
    head = "<meta property='og:image' content='/b/bridge.jpg'><meta property='og:image:alt' content='Bridge'>"
    assert images(whole(figure("<img src='/b/bridge.jpg'>"), head=head)) == [
        ("https://courier.example/b/bridge.jpg", CAPTION, None)
    ]


def test_a_picture_without_a_caption_is_listed_where_it_stands_in_the_article() -> None:
    assert images(whole(middle="<div><img src='/bridge.jpg'></div>")) == [
        ("https://courier.example/bridge.jpg", None, None)
    ]


AROUND = {
    "logo": {"before": "<header><a href='/'><img src='/static/courier.png' class='logo'></a></header>"},
    "menu": {"before": "<nav><img src='/sport.jpg'><a href='/sport'>Sport</a></nav>"},
    "avatar": {"top": "<p class='byline'><img src='/people/miller.jpg' class='avatar'>By Jane Miller</p>"},
    "icon": {"middle": "<div><img src='/i/quote.png' width='24' height='24'></div>"},
    "pixel": {"middle": "<img src='https://stats.example/pixel.gif?id=7'>"},
    "vector": {"middle": "<div><img src='/i/ornament.svg'></div>"},
    "teaser": {"middle": "<div><a href='/news/ferry'><img src='/ferry.jpg'></a></div>"},
    "behind": {"end": "<section><div><img src='/ferry.jpg'><a href='/f'>Ferry strike</a></div></section>"},
    "logo of the markup": {"head": "<meta property='og:image' content='https://courier.example/logo.png'>"},
}


@pytest.mark.parametrize("name", AROUND)
def test_a_picture_that_decorates_or_leads_away_is_not_listed(name: str) -> None:
    assert images(whole(**AROUND[name])) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/2024/05/bridge.jpg", "https://cdn.example/x/bridge-300x200.jpg"),
        ("https://a.example/bridge_1200.jpg?v=3", "https://a.example/bridge_640.webp"),
        ("https://a.example/bridge-scaled.jpg", "https://a.example/bridge@2x.jpg"),
        ("https://a.example/img/1100/194191.jpg", "https://a.example/img/450/194191.jpg"),
        ("https://a.example/media/0f3a9c/master/5000.jpg", "https://a.example/media/0f3a9c/master/500.jpg"),
        ("https://a.example/b/7788_v16_9_1200.jpeg", "https://a.example/b/7788_v4_3_800.jpeg"),
        ("https://a.example/_next/image?url=%2Fi%2Fbridge.jpg&w=640", "https://a.example/i/bridge.jpg"),
        ("https://a.example/pic.php?id=7&w=640", "https://a.example/pic.php?id=7&w=1280"),
        ("https://a.example/bridge.jpg/size=708x398.jpg", "https://a.example/bridge.jpg/size=320x180.jpg"),
    ],
)
def test_two_sizes_are_one_picture(one: str, other: str) -> None:
    assert normalize_picture_url(one) == normalize_picture_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/IMG_1200.jpg", "https://a.example/IMG_1300.jpg"),
        ("https://a.example/bridge-1.jpg", "https://a.example/bridge-2.jpg"),
        ("https://a.example/gallery/777123/1.jpg", "https://a.example/gallery/777123/2.jpg"),
        ("https://a.example/35200134/t/bridge.jpg", "https://a.example/35200777/t/bridge.jpg"),
        ("https://a.example/pic.php?id=7", "https://a.example/pic.php?id=8"),
        ("https://a.example/a/image.jpg", "https://a.example/b/image.jpg"),
    ],
)
def test_two_pictures_are_not_one(one: str, other: str) -> None:
    assert normalize_picture_url(one) != normalize_picture_url(other)


def test_a_logo_is_known_by_its_name_and_a_logogram_is_not() -> None:
    assert is_decoration("https://a.example/i/site-logo.png")
    assert not is_decoration("https://a.example/i/logogram.png")


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_address_breaks_anything(src: str, srcset: str) -> None:
    written = "".join(char for char in f"<img src='{src}' srcset='{srcset}'>" if char != "\0")
    for fact in build_page_document(f"<html><body><p>{SENTENCES[0]}</p>{written}</body></html>", url=URL).facts:
        if fact.key == "picture":
            assert not fact.value.url or fact.value.url.startswith(("http://", "https://"))
            assert isinstance(normalize_picture_url(fact.value.url), str)


@pytest.mark.parametrize(
    "inside", ["<img src='/b{0}.jpg'><p>Photo: Ann Lee/Reuters</p>", "<img src='/b{0}.jpg'><p>View {0}</p><p>{1}</p>"]
)
def test_a_page_of_thousands_of_pictures_lists_no_more_than_a_few_without_captions(inside: str) -> None:
    many = "".join(inside.format(number, SENTENCES[0]) for number in range(4000))
    listed = clean(html=whole(middle=f"<div>{many}</div>"), url=URL).images
    assert sum(not image.caption and not image.credit for image in listed) <= MAX_BARE_PICTURES
