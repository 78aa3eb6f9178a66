"""Mails in, articles out: as files, and as texts that begin with their headers."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from cleaner import clean
from cleaner.mail.headers import clean_subject, find_head, find_person
from cleaner.readers.base import Item
from cleaner.readers.inputs import read_file
from cleaner.record import Rejected, restore_source

PROSE = (
    "The council of Port Ellery voted on Monday to close the old fish market, which few people still use.",
    "The building will become a library and a hall for concerts, the council said after the meeting on Monday.",
    "The mayor promised that every trader would be offered a place in the new hall at the same rent as before.",
)
TEXT = "\n\n".join(PROSE)

HEADS = {
    "en": (
        "From: Ellery Post <news@ellery.example>\nTo: Reader\nDate: Mon, 12 May 2025 18:05:00 +0100\nSubject: {}",
        "{}",
    ),
    "list": ("Date: Mon, 12 May 2025 18:05:00 +0100\nSubject: [Bulletin] {}\nMessage-ID: <1@x.example>", "{}"),
    "de": (
        "Von: Hafenbote <post@hafen.example>\nGesendet: Montag, 12. Mai 2025 18:05\nAn: Leser\nBetreff: AW: {}",
        "{}",
    ),
    "fr": ("De : Le Port <lettre@port.example>\nEnvoyé : lundi 12 mai 2025 18:05\nÀ : Abonnés\nObjet : {}", "{}"),
    "es": ("De: El Puerto\nEnviado el: lunes, 12 de mayo de 2025 18:05\nPara: Lectores\nAsunto: RE: {}", "{}"),
    "it": ("Da: Il Porto\nInviato: lunedì 12 maggio 2025 18:05\nA: Lettori\nOggetto: {}", "{}"),
    "pl": ("Od: Port\nWysłano: poniedziałek, 12 maja 2025 18:05\nDo: Czytelnicy\nTemat: {}", "{}"),
    "ru": ("От: Порт\nДата: 12 мая 2025 г. 18:05\nКому: Читатели\nТема: {}", "{}"),
    "ja": ("差出人: 港新聞\n日付: 2025年5月12日 18:05\n宛先: 読者\n件名: {}", "{}"),
    "bold": ("**From:** Port <a@x.example>\n**Date:** 2025-05-12\n**Subject:** {}", "{}"),
}


@pytest.mark.parametrize("name", HEADS)
def test_headers_in_any_language_become_fields(name: str) -> None:
    head = HEADS[name][0].format("The old fish market closes")
    article = clean(f"{head}\n\n{TEXT}\n")
    assert article.title == "The old fish market closes"
    assert article.published is not None
    assert article.published.value.startswith("2025-05-12")
    assert article.text == TEXT
    assert not article.tags
    assert "mail" in article.flags


def test_what_programs_write_around_a_mail_goes() -> None:
    source = (
        f"{HEADS['en'][0].format('The old fish market closes')}\n\nView this email in your browser\n\n"
        f"The old fish market closes\n\nBy Ann Lee\n\n{TEXT}\n\n"
        "You are receiving this email because you signed up on our site.\nUnsubscribe | Update your preferences\n"
    )
    article = clean(source)
    assert article.text == TEXT
    assert [person.name for person in article.authors] == ["Ann Lee"]
    assert restore_source(article, article.edits or ()) == source


WRAPPED = """From: news@corran-bulletin.example
To: subscribers
Subject: [Corran Bulletin] Lighthouse to be sold
Date: Tue, 16 Apr 2024 08:00:03 +0100

Lighthouse to be sold
=====================

The Northern Lights Board is to sell the lighthouse on Skarra, 138
years after it was first lit. The tower, the keepers' houses and 11
acres of grass will be offered for £450,000 next month, the board
said on Monday.

The light was made automatic in 1983 and will be replaced by a solar-
powered beacon on the pier. "It is a hard day for anybody who has ever
come home in the dark," said Effie Rendall, whose grandfather was the
last keeper.

Viewings are by boat only.

--
You receive this mail because you subscribed at corran-bulletin.example.
Unsubscribe: https://corran-bulletin.example/u/8812
"""


def test_a_wrapped_mail_of_a_list_is_its_text_alone() -> None:
    article = clean(WRAPPED)
    assert article.title == "Lighthouse to be sold"
    assert article.text.startswith("The Northern Lights Board is to sell the lighthouse on Skarra, 138 years after")
    assert article.text.endswith("Viewings are by boat only.")
    assert not article.tags
    assert restore_source(article, article.edits or ()) == WRAPPED


FOOTS = [
    "--\nYou receive this mail because you subscribed at x.example.\nUnsubscribe: https://x.example/u/8812",
    "Abmelden: https://x.example/u",
    "Se désabonner : https://x.example/u",
    "Darse de baja | Ver en el navegador",
    "Отписаться: https://x.example/u",
    "Wypisz się",
    "配信停止はこちら",
    "Sie erhalten diese E-Mail, weil Sie sich angemeldet haben.",
    "-- \nAnn Lee\n+44 20 7946 0000",
]


@pytest.mark.parametrize("foot", FOOTS)
def test_the_foot_of_a_mail_goes_in_any_language(foot: str) -> None:
    head = HEADS["en"][0].format("The old fish market closes")
    assert clean(f"{head}\n\n{TEXT}\n\n{PROSE[0].lower().capitalize()}\n\n{foot}\n").text.startswith(TEXT)
    assert foot.split("\n")[-1] not in clean(f"{head}\n\n{TEXT}\n\n{foot}\n").text


@pytest.mark.parametrize(
    "text",
    [
        "Subject: the market\n\n" + TEXT,
        "From: here to there\nThe road is long.\n\n" + TEXT,
        "Date: Monday\nTo: all\n\n" + TEXT,
        "Tema: a\nAutor: b\nFuente: c\n\n" + TEXT,
        "Q: What is it?\nA: A market.\n\n" + TEXT,
        TEXT,
        "",
    ],
)
def test_a_text_without_enough_headers_is_no_mail(text: str) -> None:
    assert find_head(text) is None


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Ann Lee <ann.lee@post.example>", "Ann Lee"),
        ("Anna Weiß <redaktion@hafen.example>", "Anna Weiß"),
        ("Ellery Post <news@ellery.example>", ""),
        ("Redaktion", ""),
        ("news@ellery.example", ""),
        ("", ""),
    ],
)
def test_a_sender_is_an_author_where_it_is_a_person(sender: str, name: str) -> None:
    assert find_person(sender) == name


@pytest.mark.parametrize(
    "subject", ["Market closes", "Re: Market closes", "AW: WG: Market closes", "[List] RE[2]: Market closes"]
)
def test_a_subject_is_bare(subject: str) -> None:
    assert clean_subject(subject) == "Market closes"


# ---------------------------------------------------------------- files


def build_message(text: str | None = TEXT, html: str | None = None) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "Zoë Lee <zoe.lee@post.example>", "reader@x.example"
    message["Subject"], message["Date"] = "Der alte Markt schließt", "Mon, 12 May 2025 18:05:00 +0100"
    if text is not None:
        message.set_content(text, cte="quoted-printable")
    if html is not None:
        (message.add_alternative if text is not None else message.set_content)(html, subtype="html")
    return message


def read_mail(folder: Path, raw: bytes) -> Item | Rejected:
    (folder / "a.eml").write_bytes(raw)
    (item,) = read_file(str(folder / "a.eml"))
    return item


def test_a_mail_is_its_text_and_what_its_headers_say(tmp_path: Path) -> None:
    message = build_message(f"{TEXT}\n\nUnsubscribe: https://x.example/u\n", "<p>The page.</p>")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
    item = read_mail(tmp_path, bytes(message))
    assert isinstance(item, Item)
    assert item.document.text == TEXT
    facts = {fact.key: fact.value for fact in item.document.facts}
    assert facts["markup.title"] == "Der alte Markt schließt"
    assert facts["markup.published"] == "2025-05-12T18:05:00+01:00"
    assert facts["flags"] == "attachments"
    assert item.extra == {"attachments": ["plan.pdf"]}
    assert item.source.media_type == "message/rfc822"


def test_the_page_of_a_mail_is_read_where_it_has_no_text(tmp_path: Path) -> None:
    page = "<html><body>" + "".join(f"<p>{one}</p>" for one in PROSE) + "</body></html>"
    for text in (None, "See the page."):
        item = read_mail(tmp_path, bytes(build_message(text, page)))
        assert isinstance(item, Item)
        assert item.document.text == TEXT


def test_what_is_no_mail_is_rejected_with_the_cure(tmp_path: Path) -> None:
    item = read_mail(tmp_path, TEXT.encode())
    assert isinstance(item, Rejected)
    assert "name it .txt" in item.reason


def test_an_unknown_charset_is_recognised(tmp_path: Path) -> None:
    raw = b"Subject: A\nFrom: a@x.example\nContent-Type: text/plain; charset=x-nonsense\n\n" + "Größe zählt.".encode()
    item = read_mail(tmp_path, raw)
    assert isinstance(item, Item)
    assert item.document.text == "Größe zählt."
