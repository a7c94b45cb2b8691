"""The text of documents, and their first page: whatever can be read, clean, and within limits."""

import io

import pytest
from PIL import Image

from files import child_process, document_process, store, texts
from files.document_process import MAX_CHARS, MAX_PAGES, PAGE, clean, decoded, pages_of
from files.documents import beginning_of, read_document
from files.incoming import IncomingFile, folder
from files.models import Blob, BlobText
from files.store import discard_unreferenced

from .documents import hostile_pdfs, pdf
from .pictures import picture


@pytest.fixture
def come_in():
    """What has come in goes when the test is over."""
    files = []

    async def read(data: bytes) -> IncomingFile:
        file = IncomingFile("file")
        files.append(file)
        file.write(data)
        file.finish()
        await read_document(file)
        return file

    yield read
    for file in files:
        file.discard()


async def test_a_pdf_is_read_page_by_page_and_its_first_page_is_drawn(come_in):
    file = await come_in(pdf("Yearly report\nof boats", "", "Größe: 3 €"))
    assert file.text.pages == ("Yearly report\nof boats", "", "Größe: 3 €")
    assert file.text.about == {"pages": 3, "characters": 32, "cut": False, "beginning": "Yearly report\nof boats"}
    assert (file.previews.width, file.previews.height) == (764, 1080) and file.previews.about["sides"] == [360, 1080]
    with Image.open(file.previews.folder / "360.webp") as small:
        assert small.size == (255, 360) and small.mode == "RGB"
        darkest, lightest = small.convert("L").getextrema()
        assert darkest < 100 and lightest > 250


async def test_plain_text_is_read_in_pages(come_in):
    assert (await come_in(b"small")).text.pages == ("small",) and (await come_in(b"")).text is None
    file = await come_in(b"\xef\xbb\xbf" + b"a,b\r\n1,\x1b[31m2\r\n" * 400)
    assert file.type == "text/plain" and file.previews is None and not file.text_due
    assert file.text.pages[0].startswith("a,b\n1,[31m2\na,b\n")
    assert all(len(page) <= PAGE for page in file.text.pages) and file.text.about["pages"] == len(file.text.pages) == 2
    assert not list(folder().glob("*.previews"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_are_found(encoding):
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    text = "Die Übersicht der größten Städte: Köln, München, Düsseldorf und Zürich.\n"
    assert clean(decoded((mark + text).encode(encoding))) == text.strip()


def test_what_is_cut_within_a_character_loses_that_one_and_what_is_no_utf_8_loses_nothing():
    text = "Nothing but plain letters for a while. " * 20 + "Zürich, Köln und Düsseldorf"
    assert decoded((text + "ü").encode()[:-1]) == text
    assert len(decoded(text.encode("cp1252"))) == len(text)


def test_pages_end_with_a_line_or_a_word_where_they_can():
    lines = "".join(f"line {number}\n" for number in range(1000))
    pages = list(pages_of(lines))
    assert "".join(pages) == lines and all(page.endswith("\n") for page in pages)
    assert [len(page) for page in pages_of("x" * (PAGE + 1))] == [PAGE, 1]
    assert [len(page) for page in pages_of("x" * PAGE)] == [PAGE]
    assert all(page.endswith(" ") for page in list(pages_of("words " * 1500))[:-1])


def test_nothing_unseen_stays():
    assert clean("a\0b\x1b\u202ec\ud800\U000e0041\ufeff") == "abc"
    assert clean("one\r\ntwo\x0cthree\u2028four") == "one\ntwo\nthree\nfour"
    assert clean("har\ufffe\r\nbour and\n\n\n\n\nboat") == "harbour and\n\nboat"
    assert beginning_of("\n\n\tdef a():\n" + "line\n" * 20) == "    def a():\n" + "\n".join(["line"] * 7)
    assert beginning_of("x" * 5000) == "x" * 399 + "…"


async def test_it_is_cut_where_it_is_too_long(come_in):
    long = await come_in(b"word " * MAX_CHARS)
    assert long.text.about["characters"] == MAX_CHARS and long.text.about["cut"]
    many = await come_in(pdf(*["x"] * (MAX_PAGES + 1)))
    assert many.text.about["pages"] == MAX_PAGES and many.text.about["cut"]


def test_one_slow_page_ends_the_text_and_not_the_picture(tmp_path, monkeypatch):
    monkeypatch.setattr(document_process, "TEXT_SECONDS", 0)
    path = tmp_path / "slow.pdf"
    path.write_bytes(pdf("one", "two"))
    with path.open("rb") as file:
        cut, drawn = document_process.read_pdf(file, tmp_path)
    assert cut == {"cut": True} and drawn["sides"] == [360, 1080]


async def test_of_what_is_no_document_nothing_is_read(come_in, monkeypatch):
    monkeypatch.setattr(child_process, "_run", None)
    file = await come_in(picture())
    assert file.text is None and not file.text_due


@pytest.mark.parametrize("label", ["pages in a loop", "a bomb", "a lock"])
async def test_hostile_ones_stay_within_the_limits(label, come_in, monkeypatch):
    """All of them are in rooms/tests/test_hostile_files.py."""
    monkeypatch.setattr(child_process, "SECONDS", 600)  # those of processor time are what counts
    file = await come_in(hostile_pdfs()[label])
    assert not file.text_due and not (file.text and file.text.about["characters"])
    assert file.previews or not list(folder().glob("*.previews"))


@pytest.mark.django_db(transaction=True)
async def test_the_text_is_kept_once_and_goes_with_the_file(come_in):
    from asgiref.sync import sync_to_async

    first, again = await come_in(pdf("One", "", "Three")), await come_in(pdf("One", "", "Three"))

    @sync_to_async
    def keep() -> None:
        blob, same = (store.keep(each, lambda blob: blob) for each in (first, again))
        assert blob == same and not blob.text_due and blob.preview
        assert [texts.get_page(blob.pk, page) for page in (1, 2, 3, 4)] == ["One", "", "Three", ""]
        assert (texts.count_pages(blob.pk), texts.count_pages(0), BlobText.objects.count()) == (3, 0, 2)
        assert discard_unreferenced([blob.pk]) == 1 and not BlobText.objects.exists()

    await keep()


@pytest.mark.django_db(transaction=True)
async def test_a_text_that_was_due_comes_with_the_same_file_once_it_is_read(come_in):
    from asgiref.sync import sync_to_async

    read, unread = await come_in(pdf("One")), await come_in(pdf("One"))
    unread.text, unread.text_due = None, True  # it was too busy

    @sync_to_async
    def keep() -> None:
        blob = store.keep(unread, lambda blob: blob)
        assert blob.text_due and texts.count_pages(blob.pk) == 0
        assert store.keep(unread, lambda blob: blob).text_due
        assert not store.keep(read, lambda blob: blob).text_due
        assert (texts.count_pages(blob.pk), texts.get_page(blob.pk, 1)) == (1, "One")
        assert not store.keep(unread, lambda blob: blob).text_due and texts.count_pages(blob.pk) == 1

    await keep()


@pytest.mark.django_db(transaction=True)
def test_what_an_older_version_leaves_goes():
    """It takes in files without reading them, and deletes them without their texts."""
    picture, document = (Blob.objects.create(digest=type, size=1, type=type) for type in ("image/png", "text/plain"))
    texts.write(document, texts.Text(("a",), {"pages": 1}))
    assert Blob.objects.filter(text_due=True).count() == 2
    assert (texts.settle(), texts.settle()) == (1, 0)
    assert list(Blob.objects.filter(text_due=True)) == [document]
    Blob.objects.filter(pk=document.pk)._raw_delete("default")
    assert (texts.discard_lost(), texts.discard_lost()) == (1, 0)
    assert not BlobText.objects.exists() and Blob.objects.get() == picture


def test_a_text_of_just_as_many_characters_as_are_read_is_whole(monkeypatch):
    monkeypatch.setattr(document_process, "MAX_CHARS", 10)
    for count, cut in ((10, False), (11, True)):
        found = list(document_process.read_text(io.BytesIO(("😀" * count).encode())))
        assert found == [{"text": "😀" * 10}, {"cut": cut}]
