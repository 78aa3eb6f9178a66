"""Pages of an outlet that does not exist, for the README's chapter on a pack of one's own."""

import random
from pathlib import Path

WRITERS = ("Nell Abara", "Joan Petrie", "Tom Sewell")
WHO = "council mayor teacher baker judge pilot doctor keeper sailor driver painter miller".split()
DID = "opened closed praised counted painted measured sold watched reached lost".split()
WHAT = "bridge mill gate school tower station canal market hall orchard chapel".split()
WHERE = "Ahrdorf Bellmont Corvin Dunmore Elsterau Farley Grenville Halm".split()
WHEN = ("on Monday", "at noon", "last winter", "before dawn", "after the storm", "once more")
WHY = (
    "because nobody else had come",
    "although the road was shut",
    "which surprised the neighbours",
    "as the papers of the county show",
    "while the others waited outside",
    "so that the work could begin",
)


def sentence(chance: random.Random) -> str:
    """A sentence that hardly another page has."""
    who, did, what, where, when, why = (chance.choice(words) for words in (WHO, DID, WHAT, WHERE, WHEN, WHY))
    return f"The {who} {did} the {what} of {where} {when}, {why}."


def write(folder: Path, count: int = 40) -> None:
    """This many pages as plain text, with the outlet's own lines among their paragraphs."""
    chance = random.Random(4)
    folder.mkdir()
    for number in range(1, count + 1):
        paragraphs = [f"{sentence(chance)} {sentence(chance)}" for _ in range(chance.randint(4, 8))]
        half = len(paragraphs) // 2
        lines = [
            sentence(chance).rstrip("."),
            f"By {chance.choice(WRITERS)}",
            *paragraphs[:half],
            f"Harbour Watch: {chance.randint(2, 90)} readers are following the tide tables now",
            *paragraphs[half:],
            "Spotted something on the quay? Tell the Courier desk",
            f"Edition {chance.randint(100, 999)} of the Corran Courier, printed on the island since 1911",
        ]
        (folder / f"{number:02}.txt").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
