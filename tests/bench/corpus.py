"""Documents to measure with: bodies of about 4 KB in many languages, with a title and a few lines around them.

They are cut from the gold bodies of ../shared/bench where that is at hand, else from this project's own samples and
sentences.  Every tenth is damaged as scrapers do it: UTF-8 read as Windows-1252.
"""

import gzip
import html
import json
import random
from collections.abc import Iterator
from pathlib import Path

from cleaner.text.languages import load_prose

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "bench" / "data"
SIZE = 4_000

AROUND: dict[str, tuple[str, str, str]] = {
    "en": ("By Jane Miller", "Advertisement", "Share this article"),
    "de": ("Von Anna Weiß", "Anzeige", "Artikel teilen"),
    "fr": ("Par Anne Morel", "Publicité", "Partager cet article"),
    "es": ("Por Ana Ruiz", "Publicidad", "Compartir en Facebook"),
    "it": ("di Anna Verdi", "Pubblicità", "Condividi su Facebook"),
    "pt": ("Por Ana Souza", "Publicidade", "Compartilhe no Facebook"),
    "nl": ("Door Jan de Vries", "Advertentie", "Deel dit artikel"),
    "sv": ("Av Karin Berg", "Annons", "Dela artikeln"),
    "ru": ("Автор: Иван Петров", "Реклама", "Поделиться"),
    "zh": ("记者 王小明", "广告", "分享到微信"),
    "ja": ("山田太郎", "広告", "シェアする"),
    "ko": ("김민수 기자", "광고", "공유하기"),
}


def bodies() -> tuple[str, list[tuple[str, str, list[str]]]]:
    """Where the bodies are from, and language, title and paragraphs of each."""
    found: list[tuple[str, str, list[str]]] = []
    for name in ("fundus", "roles", "scrapinghub"):
        path = DATA / f"{name}.dev.jsonl.gz"
        if path.exists():
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    gold = json.loads(line)["gold"]
                    if sum(map(len, gold.get("body") or ())) > 1_500:
                        found.append((gold.get("lang") or "en", gold.get("title") or "", gold["body"]))
    if found:
        return "../shared/bench", found
    chance = random.Random(1)
    for language, sentences in load_prose().items():
        for _ in range(8):
            paragraphs = [" ".join(chance.choices(sentences, k=4)) for _ in range(20)]
            found.append((language, sentences[0].rstrip(".。।"), paragraphs))
    return "cleaner/text/languages", found


def cut(paragraphs: list[str], size: int = SIZE) -> list[str]:
    """As many paragraphs as make about this many bytes, from the beginning and again."""
    out: list[str] = []
    length = 0
    while length < size * 0.9:
        for paragraph in paragraphs:
            out.append(paragraph)
            length += len(paragraph.encode()) + 2
            if length >= size * 0.9:
                break
    return out


def own(paragraph: str, number: int) -> str:
    """The paragraph as no other document has it, so that nothing remembered of a line helps with the next document."""
    word = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    return paragraph.replace(" ", f" {word} ", 1) if " " in paragraph else f"{paragraph}{word}"


def misread(text: str) -> str:
    """UTF-8 read as Windows-1252, the five undefined bytes let through."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


def documents(count: int) -> Iterator[tuple[str, str]]:
    """So many documents, each an id and a text; always the same."""
    _, found = bodies()
    chance = random.Random(0)
    for number in range(count):
        language, title, paragraphs = found[number % len(found)]
        start = chance.randrange(len(paragraphs))
        text = [own(paragraph, number) for paragraph in cut(paragraphs[start:] + paragraphs[:start])]
        byline, slot, share = AROUND.get(language, AROUND["en"])
        text[len(text) // 2 : len(text) // 2] = [slot]
        page = "\n\n".join([title, byline, f"{number % 28 + 1}.5.2023", *text, share, f"© 2023 Example Press {number}"])
        yield f"d{number}", misread(page) if number % 10 == 9 else page


def write(path: Path, count: int) -> int:
    """So many documents as JSON Lines; returns the bytes of their texts."""
    size = 0
    with path.open("w", encoding="utf-8") as out:
        for id, text in documents(count):
            size += len(text.encode())
            out.write(json.dumps({"id": id, "text": text}, ensure_ascii=False) + "\n")
    return size


def fill(path: Path, size: int) -> int:
    """Documents of fresh ids until the file has this many bytes; returns their number."""
    lines = [json.dumps({"id": "ID", "text": text}, ensure_ascii=False) for _, text in documents(500)]
    count = written = 0
    with path.open("w", encoding="utf-8") as out:
        while written < size:
            line = lines[count % len(lines)].replace('"ID"', f'"d{count}"', 1) + "\n"
            written += len(line.encode())
            out.write(line)
            count += 1
    return count


def pages(count: int) -> tuple[str, list[str]]:
    """Where pages are from, and so many of them as HTML, or as many as there are: those of ../shared/bench where that
    is at hand, else the documents here with links and scripts around them, as large as pages are.
    """
    path = DATA / "fundus.dev.jsonl.gz"
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return "../shared/bench", [json.loads(line)["html"] for line in lines][:count]
    return "the same texts", [_page(text, number) for number, (_, text) in enumerate(documents(count))]


def _page(text: str, number: int) -> str:
    title, *lines = text.split("\n\n")
    links = "".join(f'<li><a href="/news/{i}"><span>Story {i} of page {number}</span></a></li>' for i in range(300))
    script = f"<script>var slots = {json.dumps([f'slot-{i}-{number}' for i in range(9_000)])};</script>"
    body = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{html.escape(title)} | Example Press</title>{script}"
        f"</head><body><nav><ul>{links}</ul></nav><main><article><h1>{html.escape(title)}</h1>{body}</article></main>"
        f"<aside><ul>{links}</ul></aside><footer><p>© 2023 Example Press</p></footer></body></html>"
    )


def machine() -> str:
    """What this was measured on."""
    import os
    import platform

    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        name = names[0].split(":", 1)[1].strip() if names else name
    return f"{name}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
