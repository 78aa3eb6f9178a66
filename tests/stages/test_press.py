"""Press releases: what stands around their text goes, where two habits show that a text is one."""

import pytest

from cleaner import clean
from cleaner.record import restore_source

PROSE = (
    "Northlight Therapeutics, which develops medicines for rare diseases of the eye, today reported its results.",
    '"We enrolled the last patient in our trial three months early," said Dana Whitcomb, who leads the company.',
    "The company will open a second laboratory in Boulder next year, and it will employ forty people there.",
)
TITLE = "Northlight Therapeutics reports its results for the year"
ABOUT = "Northlight Therapeutics is a company in Boulder, Colorado. For more, visit www.northlight.example."
CONTACT = "Lee Marchetti\nir@northlight.example\n+1 303 555 0188"

RELEASES = {
    "wire": ("", f"BOULDER, Colo. /PRNewswire/ -- {PROSE[0]}", f"About Northlight Therapeutics\n\n{ABOUT}"),
    "immediate": ("FOR IMMEDIATE RELEASE\n\n", PROSE[0], f"###\n\nAbout Northlight Therapeutics\n\n{ABOUT}"),
    "thirty": ("NEWS RELEASE\n\n", PROSE[0], f"-30-\n\nMedia contact:\n{CONTACT}"),
    "hashes": ("Press release:\n\n", PROSE[0], f"# # #\n\nContacts\n\n{CONTACT}"),
    "ends": ("Press Release 12/2024\n\n", PROSE[0], "ENDS\n\nNotes to editors\n\nThe figures are of the company."),
    "source": (
        "",
        PROSE[0],
        f"Press contact: {CONTACT}\n\nSOURCE Northlight Therapeutics\n\nAlso from this source\nMore news",
    ),
    "de": ("Pressemitteilung\n\n", PROSE[0], f"Über Northlight Therapeutics\n\n{ABOUT}\n\nPressekontakt:\n{CONTACT}"),
    "fr": (
        "Communiqué de presse\n\n",
        PROSE[0],
        f"À propos de Northlight Therapeutics\n\n{ABOUT}\n\nContact presse :\n{CONTACT}",
    ),
    "es": (
        "Para publicación inmediata\n\n",
        PROSE[0],
        f"Acerca de Northlight Therapeutics\n\n{ABOUT}\n\nContacto de prensa:\n{CONTACT}",
    ),
    "it": (
        "Comunicato stampa\n\n",
        PROSE[0],
        f"Informazioni su Northlight Therapeutics\n\n{ABOUT}\n\nUfficio stampa\n{CONTACT}",
    ),
    "pt": (
        "Comunicado de imprensa\n\n",
        PROSE[0],
        f"Sobre Northlight Therapeutics\n\n{ABOUT}\n\nContato para a imprensa\n{CONTACT}",
    ),
    "nl": ("Persbericht\n\n", PROSE[0], f"Over Northlight Therapeutics\n\n{ABOUT}\n\nPerscontact\n{CONTACT}"),
    "ru": (
        "Пресс-релиз\n\n",
        PROSE[0],
        f"О компании Northlight Therapeutics\n\n{ABOUT}\n\nКонтакты для СМИ:\n{CONTACT}",
    ),
}


@pytest.mark.parametrize("name", RELEASES)
def test_what_stands_around_a_release_goes(name: str) -> None:
    above, first, below = RELEASES[name]
    source = f"{above}{TITLE}\n\n{first}\n\n" + "\n\n".join(PROSE[1:]) + f"\n\n{below}\n"
    article = clean(source)
    assert article.title == TITLE
    assert article.text.endswith("\n\n".join((PROSE[0], *PROSE[1:])))
    assert not article.authors
    assert restore_source(article, article.edits or ()) == source


def test_the_house_above_its_release_goes() -> None:
    source = f"{TITLE}\n\nNEWS PROVIDED BY\nNorthlight Therapeutics, Inc.\n\n" + "\n\n".join(PROSE)
    assert clean(f"{source}\n\nSOURCE Northlight Therapeutics, Inc.\n").text == "\n\n".join(PROSE)


def test_a_page_loses_the_same_parts() -> None:
    lines = "".join(f"<p>{one}</p>" for one in (*PROSE, *PROSE[::-1]))
    tail = f"<h3>About Northlight Therapeutics</h3><p>{ABOUT}</p><p>Media contact: ir@northlight.example</p>"
    page = f"<html><body><article><h1>{TITLE}</h1><p>FOR IMMEDIATE RELEASE</p>{lines}{tail}</article></body></html>"
    article = clean(html=page)
    assert ABOUT not in article.text
    assert PROSE[0] in article.text


@pytest.mark.parametrize(
    "line",
    [
        f"About Northlight Therapeutics\n\n{ABOUT}",
        "About time\n\nAbout time was what the film was about, and the film was good.",
        "Contact\n\nContact with the ship was lost on Monday, and nobody has heard of it since.",
        "Notes to editors\n\nThe notes to editors were found in a drawer of the old desk on Monday.",
        "The end\n\nThe end came on Monday, when the last of the traders left the market.",
        "###\n\nThe second part of the text goes on below a mark as magazines have it, and it is long.",
    ],
)
def test_one_sign_alone_makes_no_release(line: str) -> None:
    edits = clean(f"{TITLE}\n\n" + "\n\n".join(PROSE) + f"\n\n{line}\n\n{PROSE[0]}\n").edits
    assert not [edit for edit in edits or () if edit.stage == "press"]


def test_a_part_of_the_text_between_the_parts_about_the_house_stays() -> None:
    call = "The company will hold a call at half past eight, and everybody can listen to it."
    source = (
        f"FOR IMMEDIATE RELEASE\n\n{TITLE}\n\n" + "\n\n".join(PROSE) + f"\n\nAbout Northlight Therapeutics\n\n{ABOUT}"
    )
    assert call in clean(f"{source}\n\nConference call\n\n{call}\n\n{PROSE[2]}\n\nMedia contact:\n{CONTACT}\n").text


RELEASE = """Northlight Therapeutics Reports Third Quarter 2024 Results

NEWS PROVIDED BY
Northlight Therapeutics, Inc.

Nov 07, 2024, 07:00 ET

SHARE THIS ARTICLE

BOULDER, Colo., Nov. 7, 2024 /PRNewswire/ -- Northlight Therapeutics, Inc. \
(Nasdaq: NLTX), a company that \
develops medicines for rare diseases of the eye, today reported results for the quarter ended September 30, 2024.

"We enrolled the last patient in our pivotal trial three months early," said Dana Whitcomb, Chief Executive Officer.

Third Quarter Highlights

- Revenue of $14.2 million, up 22% from a year ago
- Net loss of $9.8 million, or $0.31 per share
- Cash of $212.5 million, which is expected to last into 2027

Conference Call

Management will host a call today at 8:30 a.m. ET. Dial 1-800-555-0143 and give the code NORTH.

About Northlight Therapeutics

Northlight Therapeutics is a clinical-stage company in Boulder, Colorado. \
For more information, visit www.northlight.example.

Forward-Looking Statements

This release contains forward-looking statements. Actual results may differ.

Contact:
Lee Marchetti
ir@northlight.example
(303) 555-0188

SOURCE Northlight Therapeutics, Inc.

Also from this source
Northlight Therapeutics to Present at the Rocky Mountain Health Conference
"""


def test_a_release_as_a_wire_sends_it_is_its_text_alone() -> None:
    article = clean(RELEASE)
    assert article.text.startswith("BOULDER, Colo.,")
    assert article.text.endswith("give the code NORTH.")
    assert not article.authors
