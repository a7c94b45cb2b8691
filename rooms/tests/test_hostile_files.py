"""A hundred files that nobody sends in good faith, made here: each is kept as what it is, nothing of it runs, nothing
leaves the limits."""

import gzip
import io
import struct
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from PIL import Image, PngImagePlugin

from files.incoming import folder
from files.media_types import HTML, INLINE, SVG, TEXT, UNKNOWN
from files.tests.documents import hostile_pdfs
from files.tests.pictures import bomb, heic, moving, picture, with_place

from .live import until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.any_database,
    pytest.mark.usefixtures("unlimited"),
]

SCRIPT = b"<script>fetch('/api/me')</script>"
ANY = None


def zipped(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as zip:
        for name, data in entries.items():
            zip.writestr(name, data)
    return out.getvalue()


def box(brand: bytes, rest: bytes = b"\0" * 64) -> bytes:
    """The beginning of a film or picture in boxes (ISO 14496-12)."""
    return struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\0\1" + brand + b"mif1" + rest


def png_with_text() -> bytes:
    notes, out = PngImagePlugin.PngInfo(), io.BytesIO()
    notes.add_text("Comment", SCRIPT.decode())
    Image.new("RGB", (9, 9)).save(out, "PNG", pnginfo=notes)
    return out.getvalue()


WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\xf7\x81\1B\xf2\x81\4B\xf3\x81\x08B\x82\x84webm"

# What is sent → the type that it is served with (None: whatever, if it is not shown inline).
MARKUP = {
    "html": (b"<!doctype html>" + SCRIPT, HTML),
    "html in capitals": (b"<HTML><BODY ONLOAD=alert(1)>", HTML),
    "html after blanks": (b" " * 5000 + b"<html>" + SCRIPT, HTML),
    "html after a comment": (b"<!-- a -->" * 100 + b"<html>" + SCRIPT, HTML),
    "html with a byte order mark": (b"\xef\xbb\xbf<html>" + SCRIPT, HTML),
    "html in UTF-16": ("<html><script>alert(1)</script>".encode("utf-16"), ANY),
    "html in UTF-7": (b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-", TEXT),
    "html far behind": (b"a" * 9000 + b"<html>" + SCRIPT, TEXT),
    "xhtml": (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">' + SCRIPT, HTML),
    "only a script": (SCRIPT, HTML),
    "svg with a script": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', SVG),
    "svg with onload": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', SVG),
    "svg in xml": (b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg/>', SVG),
    "svg with a foreign object": (b"<svg><foreignObject><body onload=alert(1)>", SVG),
    "svg that asks elsewhere": (b'<svg><image href="http://203.0.113.1/a"/></svg>', SVG),
    "xml with entities": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "secret">]><a>&b;</a>', TEXT),
    "billion laughs": (b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 999 + b'">]><a>' + b"&b;" * 500 + b"</a>", TEXT),
    "xslt": (b'<?xml-stylesheet href="#a" type="text/xsl"?><a/>', TEXT),
    "javascript": (b"alert(document.cookie)", TEXT),
    "css": (b"body { background: url(//203.0.113.1) }", TEXT),
    "json": (b'{"a": 1}', TEXT),
    "mhtml": (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n" + SCRIPT, HTML),
    "a link": (b"[InternetShortcut]\nURL=javascript:alert(1)\n", TEXT),
    "a manifest of a service worker": (b"self.addEventListener('fetch', e => e)", TEXT),
    "terminal escapes": (b"\x1b]0;owned\x07\x1b[31m", TEXT),
    "a table of formulas": (b'=HYPERLINK("http://203.0.113.1","x")', TEXT),
}
POLYGLOTS = {
    "gif and javascript": (b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", "image/gif"),
    "png and html": (picture() + SCRIPT, "image/png"),
    "png with a comment": (png_with_text(), "image/png"),
    "jpeg and html": (picture(kind="JPEG") + SCRIPT, "image/jpeg"),
    "jpeg and zip": (picture(kind="JPEG") + zipped(a=b"b"), "image/jpeg"),
    "jpeg with a script in its comment": (b"\xff\xd8\xff\xfe\0\x24" + SCRIPT + picture(kind="JPEG")[2:], "image/jpeg"),
    "png and zip": (picture() + zipped(a=b"b"), "image/png"),
    "gif and html": (moving() + SCRIPT, "image/gif"),
    "webp and html": (picture(kind="WEBP") + SCRIPT, "image/webp"),
    "avif and html": (picture(kind="AVIF") + SCRIPT, "image/avif"),
    "pdf and html": (b"%PDF-1.4\n" + SCRIPT, "application/pdf"),
    "pdf and zip": (b"%PDF-1.4\n" + zipped(a=b"b"), "application/pdf"),
    "html and pdf": (b"<html>" + SCRIPT + b"%PDF-1.4\n", HTML),
    "html and png": (b"<html>" + picture(), ANY),
    "bmp and javascript": (b"BM/*" + b"\0" * 30 + b"*/=1;alert(1)", ANY),
    "mp3 and html": (b"ID3\4\0\0\0\0\0\0" + SCRIPT, "audio/mpeg"),
    "wav and html": (b"RIFF\x24\0\0\0WAVEfmt " + SCRIPT, "audio/wav"),
    "ogg and html": (b"OggS\0\2" + b"\0" * 22 + SCRIPT, "audio/ogg"),
    "mp4 and html": (box(b"isom", SCRIPT), "video/mp4"),
    "webm and html": (
        b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\xf7\x81\1B\xf2\x81\4B\xf3\x81\x08B\x82\x84webm" + SCRIPT,
        "video/webm",
    ),
    "heic and html": (heic() + SCRIPT, "image/heic"),
    "zip and html": (zipped(a=b"b") + SCRIPT, "application/zip"),
    "gzip and html": (gzip.compress(b"a") + SCRIPT, "application/gzip"),
    "elf and text": (b"\x7fELF" + b"\0" * 60, ANY),
}


def bombs() -> dict:
    """Made in the test alone: every process of a run collects all tests."""
    return {
        "900 million pixels": (bomb(), "image/png"),
        "4 billion pixels claimed": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff" * 8 + b"\x08\2\0\0\0", "image/png"),
        "one long row": (bomb(1_000_000, 100), "image/png"),
        "one long column": (bomb(8, 2_000_000), "image/png"),
        "gif of 65,535 pixels a side": (b"GIF89a\xff\xff\xff\xff\xf0\0\0" + b"\0" * 40, "image/gif"),
        "jpeg of 65,535 pixels a side": (b"\xff\xd8\xff\xc0\0\x0b\x08\xff\xff\xff\xff\1\1\x11\0", "image/jpeg"),
        "webp of 16,383 pixels a side": (
            b"RIFF\x1a\0\0\0WEBPVP8L\r\0\0\0\x2f\xff\xff\xff\x0f" + b"\0" * 8, "image/webp",
        ),
        "avif that claims 4 GB": (box(b"avif", b"\xff\xff\xff\xffmeta" + b"\0" * 40), "image/avif"),
        "heic that claims 4 GB": (box(b"heic", b"\xff\xff\xff\xffmeta" + b"\0" * 40), "image/heic"),
        "mp4 that claims more": (box(b"isom", b"\0\0\0\1mdat" + b"\xff" * 8), "video/mp4"),
        "wav that claims 4 GB": (b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff" + b"\0" * 30, "audio/wav"),
        "zip bomb": (zipped(zeros=b"\0" * 20_000_000), "application/zip"),
        "zip in zip": (zipped(a=zipped(b=zipped(c=b"\0" * 1_000_000))), "application/zip"),
        "zip with paths": (zipped(**{"../../etc/passwd": b"root"}), "application/zip"),
        "gzip bomb": (gzip.compress(b"\0" * 20_000_000), "application/gzip"),
        "png with a huge text": (picture()[:33] + struct.pack(">I", 2**31 - 1) + b"zTXt" + b"x" * 100, "image/png"),
        "gif of 5,000 frames": (b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff"
                                + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0" * 5000 + b";", "image/gif"),
        "tiff in tiff": (b"II*\0\x08\0\0\0\xff\xff" + b"\0" * 100, ANY),
        "jpeg of many scans": (picture(kind="JPEG")[:-2] + b"\xff\xda\0\x08\1\1\0\0\x3f\0" * 5000, "image/jpeg"),
    }  # fmt: skip


BROKEN = {
    **{f"{kind} cut after {size}": (picture(kind=kind)[:size], f"image/{kind.lower()}")
       for kind in ("PNG", "JPEG", "GIF", "WEBP", "AVIF") for size in (40, 90)},
    "heic cut": (heic()[:200], "image/heic"),
    "png with another checksum": (picture()[:-20] + b"\0" * 20, "image/png"),
    "png of noise": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "image/png"),
    "jpeg of noise": (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8, "image/jpeg"),
    "nothing": (b"", UNKNOWN),
    "one byte": (b"x", TEXT),
    "zeros": (b"\0" * 5000, UNKNOWN),
    "0xff": (b"\xff" * 5000, UNKNOWN),
    "latin-1": ("Die Größe;der Schiffe\r\n".encode("latin-1"), TEXT),
    "latin-1 with control characters": ("Die Größe\1der Schiffe".encode("latin-1"), UNKNOWN),
    "UTF-16": ("Größe\r\n".encode("utf-16"), TEXT),
    "text with zeros": (b"a\0b\0c", UNKNOWN),
    "surrogates": (b"\xed\xa0\x80", UNKNOWN),
    "overlong UTF-8": (b"\xc0\xaf\xc0\xae", UNKNOWN),
    "a letter cut at the edge": (b"a" * 8191 + "ü".encode(), TEXT),
    "a font": (b"wOFF\0\1\0\0" + b"\0" * 100, ANY),
    "a program": (b"MZ\x90\0" + b"\0" * 100, ANY),
    "a shell script": (b"#!/bin/sh\nrm -rf /\n", TEXT),
    "flash": (b"FWS\x09" + b"\0" * 100, ANY),
    "webassembly": (b"\0asm\1\0\0\0", ANY),
    **{f"pdf with {label}": (data, "application/pdf") for label, data in hostile_pdfs().items()},
    "pdf with a script": (b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(alert(1))>>>>", "application/pdf"),
    "a picture with a place": (with_place(), "image/jpeg"),
}  # fmt: skip
NAMES = [
    "../../../etc/passwd", "..\\..\\boot.ini", "a/b/c.png", "con.txt", "nul", "photo\u202egnp.exe", "\u200b", "x" * 500,
    "ü" * 300 + ".png", "a;b=c.txt", 'q"uote.txt', "%2e%2e%2f", "a%00.png", "<script>.html", "-rf", "~/.ssh/id_rsa",
    "한국어.txt", "🏴\U000e0067\U000e0062.txt", "a\tb.txt", " leading and trailing ",
]  # fmt: skip


def files() -> dict:
    return {**MARKUP, **POLYGLOTS, **bombs(), **BROKEN}


def test_they_are_a_hundred(tried):
    count = len(files()) + len(NAMES)
    assert count >= 100
    tried("hostile files", count)


@pytest.mark.long
def test_each_is_kept_as_what_it_is_and_nothing_runs(hers):
    wrong = []
    for label, (data, type) in files().items():
        name = label.replace(" ", "_") + (".html" if len(label) % 2 else ".png")
        answer = hers.upload("lobby", data, name)
        if answer.status != 201:
            wrong.append((label, answer.status, answer.body))
            continue
        taken = answer.json
        read = hers.get(taken["url"])
        inline = read.headers["content-disposition"].startswith("inline")
        facts = {
            "type": type is ANY or taken["type"] == type,
            "served as it is": read.headers["content-type"].partition(";")[0] == taken["type"],
            "whole": read.status == 200 and read.body == data,
            "inline only if safe": inline == (taken["type"] in INLINE),
            "not inline if markup": not (inline and label in MARKUP),
            "nothing runs": read.headers["content-security-policy"].startswith("sandbox; default-src 'none'"),
            "no guessing": read.headers["x-content-type-options"] == "nosniff",
            "few pixels": taken.get("width", 1) * taken.get("height", 1) <= 100_000_000,
        }
        if "thumb" in taken:
            small = hers.get(taken["thumb"])
            with Image.open(io.BytesIO(small.body)) as image:
                facts["small"] = image.format == "WEBP" and max(image.size) <= 360
            facts["without its notes"] = b"SecretCamera" not in small.body and SCRIPT not in small.body
        wrong += [(label, fact, taken["type"]) for fact, holds in facts.items() if not holds]
    assert wrong == []
    until(lambda: not list(folder().glob("*")))


def test_names_become_names(hers):
    for name in NAMES:
        sent = name.replace('"', "%22").encode("utf-8", "replace").decode()
        taken = hers.uploaded("lobby", b"x", sent)
        cleaned = taken["name"]
        assert cleaned and len(cleaned.encode()) <= 255 and cleaned not in (".", "..")
        assert not set('/\\:*?"<>|\0\n\r\t\u202e\u200b') & set(cleaned), name
        read = hers.get(taken["url"])
        assert read.status == 200 and read.body == b"x", name
        assert "\n" not in read.headers["content-disposition"]
