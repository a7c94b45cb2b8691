"""PDF documents, as small as they can be."""

import zlib
from collections.abc import Sequence
from functools import cache


def pdf(*pages: str, width: int = 595, height: int = 842, extra: Sequence[bytes] = ()) -> bytes:
    """A page for each text, whose lines are set below each other. extra: further objects, from number 3 + 2n on."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]/MediaBox[0 0 {width} {height}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for at, text in enumerate(pages):
        drawn = _drawn(text, height)
        objects += [
            f"<</Type/Page/Parent 2 0 R/Contents {5 + 2 * at} 0 R/Resources<</Font<</F 3 0 R>>>>>>".encode(),
            b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        ]
    return joined([*objects, *extra])


def joined(objects: Sequence[bytes]) -> bytes:
    """The first is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        count, table, count, len(out),
    )  # fmt: skip


@cache
def hostile_pdfs() -> dict[str, bytes]:
    """None of them may cost more than the child process allows itself."""
    whole, page = pdf("Report"), b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]%s>>"
    pages = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"

    def of(*objects: bytes) -> bytes:
        return joined([b"<</Type/Catalog/Pages 2 0 R>>", *objects])

    packed = zlib.compress(zlib.compress(b"0 0 m 1 1 l S " * 5_000_000, 9), 9)
    bomb = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(packed), packed)
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 4 0 R/B 4 0 R>>>>/Length 10>>"
    return {
        "nothing": b"%PDF-1.7\n",
        "half of it": whole[: len(whole) // 2],
        "pages in a loop": of(b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"),
        "a billion pages": of(b"<</Type/Pages/Count 1000000000/Kids[3 0 R]>>", page % b""),
        "a bomb": of(pages, page % b"/Contents 4 0 R", bomb),
        "a form in itself": of(pages, page % b"/Contents 5 0 R/Resources<</XObject<</A 4 0 R>>>>",
                               form + b"stream\n/A Do /B Do\nendstream", b"<</Length 5>>stream\n/A Do\nendstream"),
        "deep lists": of(pages, page % (b"/Contents " + b"[" * 100_000 + b"]" * 100_000)),
        "endless sides": pdf("wide", width=10**9, height=1),
        "no sides": pdf("flat", width=0, height=0),
        "a lock": joined([b"<</Type/Catalog/Pages 2 0 R>>", pages, page % b""]).replace(
            b"trailer<<", b"trailer<</Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O(%s)/U(%s)>>/ID[(a)(a)]"
            % (b"o" * 32, b"u" * 32)),
    }  # fmt: skip


def _drawn(text: str, height: int) -> bytes:
    lines = [line.encode("cp1252").translate(None, b"()\\") for line in text.split("\n")]
    shown = b"".join(b"(%s) Tj T*\n" % line for line in lines)
    return b"BT /F 12 Tf 16 TL 60 %d Td\n%sET" % (height - 70, shown)
