"""A child process that reads the text of one document and draws its first page, for its parent (documents.py).

It has the same limits as the process for pictures (preview_process.py). It prints each page as soon as it is read, so
that a page that takes too long does not cost the pages before it.

    python -m files.document_process FOLDER TYPE

It prints a line of JSON for each page of text ({"text"}), for whether there is more ({"cut"}), and for the picture, as
preview_process does.
"""

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from .child_limits import limit_itself
from .preview_process import SIDES, make_small

MAX_PAGES, MAX_CHARS = 500, 200_000
PAGE = 4000  # characters of a page of plain text, at most
TEXT_SECONDS = 8.0  # of CPU time for the text, so that some is left for the picture
SAMPLE = 32 * 1024  # bytes from which an encoding is guessed
_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_HYPHENS = re.compile("[\x02\ufffe]\r?\n?")  # put by PDFium where a word is hyphenated at the end of a line
# Control characters except tab and line feed, marks that change the direction of text, surrogates, byte order marks,
# noncharacters and tags: nobody sees them, and not every database takes them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


def main(folder: Path, type: str) -> None:
    """Print one JSON object a line, as soon as it is known: each page, and at the end what else was found."""
    limit_itself()
    file = sys.stdin.buffer
    for found in read_pdf(file, folder) if type == "application/pdf" else read_text(file):
        print(json.dumps(found), flush=True)


def read_pdf(file, folder: Path) -> Iterator[dict]:
    """Raises whatever the library raises."""
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    pages, left, cut = min(len(document), MAX_PAGES), MAX_CHARS, len(document) > MAX_PAGES
    for number in range(pages):
        if time.process_time() > TEXT_SECONDS or left <= 0:
            cut = True
            break
        text, whole = page_text(document, number, left)
        left, cut = left - len(text), cut or not whole
        yield {"text": text}
    yield {"cut": cut}
    yield draw(document, folder)


def page_text(document, number: int, most: int) -> tuple[str, bool]:
    """At most `most` characters of a page, and whether these are all. "": the page cannot be read."""
    import pypdfium2

    try:
        text = clean(document[number].get_textpage().get_text_bounded())
        return text[:most], len(text) <= most
    except pypdfium2.PdfiumError:
        return "", True


def draw(document, folder: Path) -> dict:
    """Draw the first page on white."""
    page = document[0]
    width, height = page.get_size()
    scale = SIDES[-1] / max(width, height)
    drawn = page.render(scale=scale, fill_color=(255, 255, 255, 255), may_draw_forms=False).to_pil().convert("RGB")
    size = {"width": drawn.width, "height": drawn.height, "animated": False}
    return {**size, **make_small(drawn, folder, max(drawn.size))}


def read_text(file) -> Iterator[dict]:
    """Yield {"text"} for each page, then {"cut"}: whether there was more than MAX_CHARS."""
    data = file.read(4 * MAX_CHARS + 4)
    text = clean(decoded(data))
    cut = len(text) > MAX_CHARS or bool(file.read(1))
    for page in pages_of(text[:MAX_CHARS]):
        yield {"text": page}
    yield {"cut": cut}


def decoded(data: bytes) -> str:
    """Decode by byte order mark, as UTF-8, or in the likeliest encoding. The data may end within a character."""
    for mark, name in ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"),
                       (b"\xfe\xff", "utf-16")):  # fmt: skip
        if data.startswith(mark):
            return data.decode(name, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:
            return data[: error.start].decode()
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE]).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def clean(text: str) -> str:
    """Remove what nobody sees, join words that were hyphenated at line ends, and let one blank line do for several."""
    text = _UNSEEN.sub("", _LINE_BREAKS.sub("\n", _HYPHENS.sub("", text)))
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


def pages_of(text: str) -> Iterator[str]:
    """Divide a text into pages, if possible at the end of a line or a word."""
    at = 0
    while at < len(text):
        end = at + PAGE
        if end < len(text):
            end = (text.rfind("\n", at, end) + 1) or (text.rfind(" ", at + PAGE // 2, end) + 1) or end
        yield text[at:end]
        at = end


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
