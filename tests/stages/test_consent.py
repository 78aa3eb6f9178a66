"""Consent boxes go in every language, whatever box they come in, and articles about consent stay; words in
cases/consent.toml."""

import tomllib
from itertools import product

import pytest
from cases import PROSE, ROOT, pipeline

from cleaner.document import Document
from cleaner.html.page import build_page_document
from cleaner.text.around import is_consent

SENTENCES: dict[str, list[str]] = {
    language: [sentence.replace("{n}", "1,214") for sentence in table["sentences"]]
    for language, table in tomllib.loads((ROOT / "tests" / "cases" / "consent.toml").read_text("utf-8")).items()
}

BOXES = {
    "onetrust": '<div id="onetrust-banner-sdk"><div class="ot-sdk-row"><p>{}</p></div><button>OK</button></div>',
    "cookiebot": '<div id="CybotCookiebotDialog"><div id="CybotCookiebotDialogBody"><p>{}</p></div></div>',
    "didomi": '<div id="didomi-host"><div class="didomi-popup-view"><span>{}</span></div></div>',
    "quantcast": '<div id="qc-cmp2-container"><div class="qc-cmp2-summary-info"><p>{}</p></div></div>',
    "usercentrics": '<div id="usercentrics-root"><div data-testid="uc-default-banner"><p>{}</p></div></div>',
    "trustarc": '<div id="truste-consent-track"><div><div><div id="truste-consent-text">{}</div></div></div></div>',
    "sourcepoint": '<div id="sp_message_container_91"><div class="message-component"><p>{}</p></div></div>',
    "klaro": '<div class="klaro"><div class="cookie-notice"><p>{}</p></div></div>',
    "cookieyes": '<div class="cky-consent-container"><div class="cky-notice"><div>{}</div></div></div>',
    "complianz": '<div id="cmplz-cookiebanner-container"><div class="cmplz-body"><p>{}</p></div></div>',
    "cmp": '<div id="cmp">{} <button>OK</button></div>',
    "cookie-banner": '<section class="site-cookie-banner"><h2>Cookies</h2><p>{}</p></section>',
    "gdpr": '<div class="gdpr-notice"><p>{}</p><a href="/privacy">Privacy</a></div>',
    "dialog": '<div role="dialog" aria-modal="true"><p>{}</p><button>OK</button></div>',
    "unknown": '<div class="x1 y2"><p>{}</p><p><a href="/more">+</a></p></div>',
}

TEXT = ["unwrapped", "article"]


def build_page(box: str, sentence: str, language: str, kind: str, behind: bool) -> str:
    """A page in this language with a consent box before the article or behind it."""
    first, *others = PROSE[language][:4]
    body = f"<h1>{first}</h1>" + "".join(f"<p>{text}</p>" for text in others)
    body = f"<article>{body}</article>" if kind == "article" else body
    asked = BOXES[box].format(sentence)
    parts = (body, asked) if behind else (asked, body)
    return f"<html lang='{language}'><head><title>{first}</title></head><body>{''.join(parts)}</body></html>"


@pytest.mark.parametrize("language", SENTENCES)
def test_a_consent_sentence_goes_from_every_box_and_no_sentence_of_the_article(language: str) -> None:
    left, lost = [], []
    for number, (box, kind) in enumerate(product(BOXES, TEXT)):
        sentence = SENTENCES[language][number % len(SENTENCES[language])]
        page = build_page(box, sentence, language, kind, behind=number % 3 == 0)
        text = pipeline()(build_page_document(page, "page")).text
        left += [(box, kind)] if sentence in text else []
        lost += [(box, kind, one) for one in PROSE[language][1:4] if one not in text]
    assert (left, lost) == ([], [])


@pytest.mark.parametrize("language", SENTENCES)
def test_a_consent_sentence_goes_from_a_text(language: str) -> None:
    prose = PROSE[language][:4]
    for lines in ([*SENTENCES[language], *prose], [*prose, *SENTENCES[language]]):
        text = pipeline()(Document.read("\n\n".join(lines) + "\n", "text")).text
        assert text.split("\n\n") == prose


@pytest.mark.parametrize("language", SENTENCES)
def test_an_article_is_no_consent_box(language: str) -> None:
    assert not [sentence for sentence in PROSE[language] if is_consent(sentence)]


ABOUT_CONSENT = {
    "en": [
        "The regulator fined the company because its cookies stored personal data on devices without consent.",
        "“We and our partners store and access information on a device,” the box on the site says in small letters.",
        "Personalised ads and audience research are no legitimate interest, the court found in March.",
        "You can delete cookies in your browser, and you can withdraw your consent at any time.",
    ],
    "de": [
        "Die Behörde rügte, dass Cookies personenbezogene Daten auf Geräten speichern, ohne dass jemand zustimmt.",
        "„Wir und unsere Partner speichern Informationen auf Ihrem Gerät“, steht in dem Kasten auf der Seite.",
        "Personalisierte Werbung und Zielgruppenforschung sind kein berechtigtes Interesse, urteilte das Gericht.",
        "Sie können Cookies im Browser löschen und Ihre Einwilligung jederzeit widerrufen.",
    ],
    "fr": [
        "Le régulateur reproche au site de stocker des cookies et des données personnelles sans consentement.",
        "« Nous et nos partenaires accédons à des informations sur votre appareil », dit la fenêtre du site.",
        "La publicité personnalisée n'est pas un intérêt légitime, a jugé le tribunal au mois de mars.",
        "Vous pouvez effacer les cookies dans le navigateur et retirer votre consentement à tout moment.",
    ],
}


@pytest.mark.parametrize("language", ABOUT_CONSENT)
@pytest.mark.parametrize("classes", ["story", "post tag-cookies category-privacy", "consent-banner-story"])
def test_an_article_about_consent_keeps_its_sentences(language: str, classes: str) -> None:
    body = "".join(f"<p>{text}</p>" for text in ABOUT_CONSENT[language])
    title = "Cookies and consent"
    story = f"<div class='{classes}'><h1>{title}</h1>{body}</div>"
    page = f"<html><head><title>{title}</title></head><body>{story}</body></html>"
    text = pipeline()(build_page_document(page, "page")).text
    assert [one for one in ABOUT_CONSENT[language] if one not in text] == []
    plain = "\n\n".join(ABOUT_CONSENT[language])
    assert pipeline()(Document.read(f"{plain}\n", "text")).text == plain
