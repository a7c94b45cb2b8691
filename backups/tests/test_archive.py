"""The archive: what was written comes back, and nothing else is taken for it."""

import io
import tarfile

import pytest

from backups import archive
from backups.archive import Writer, parse, read
from backups.errors import Broken

DIGEST = "ab" * 32
FILE = f"files/ab/ab/{DIGEST}-00112233"


def written(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    writer = Writer(out)
    for name, data in members:
        writer.add(name, data)
    writer.end({"rows": 0})
    return out.getvalue()


WHOLE = written(
    ("backup.json", b"{}"), ("rows/a_b/000001.jsonl.gz", b"x" * 700), (FILE, b"y" * 1000), ("keys/vapid_key", b"k")
)


def taken(data: bytes) -> list[tuple[str, bytes]]:
    return [(member.name, member.read()) for member in read(io.BytesIO(data))]


def test_what_was_written_comes_back_and_any_tar_can_list_it():
    assert [name for name, _data in taken(WHOLE)] == [
        "backup.json", "rows/a_b/000001.jsonl.gz", FILE, "keys/vapid_key", "end.json",
    ]  # fmt: skip
    assert dict(taken(WHOLE))[FILE] == b"y" * 1000
    with tarfile.open(fileobj=io.BytesIO(WHOLE)) as found:
        assert found.getnames() == [name for name, _data in taken(WHOLE)]
        assert found.extractfile("keys/vapid_key").read() == b"k"
        assert {member.mode for member in found.getmembers()} == {0o600}


def test_members_that_nobody_reads_are_checked_too():
    assert len(list(read(io.BytesIO(WHOLE)))) == 5
    with pytest.raises(Broken, match="not what was written"):
        list(read(io.BytesIO(WHOLE.replace(b"y" * 1000, b"y" * 999 + b"z"))))


@pytest.mark.parametrize("length", [0, 1, 511, 512, 513, 1024, 1600, 2700, 4000, len(WHOLE) - 1100])
def test_one_that_is_cut_off_is_refused(length):
    with pytest.raises(Broken):
        taken(WHOLE[:length])


def test_each_byte_counts():
    """But for those after the end, and the times of members, whose sums tell them anyway."""
    accepted = []
    for place in range(0, len(WHOLE) - 1024, 7):
        changed = WHOLE[:place] + bytes([WHOLE[place] ^ 1]) + WHOLE[place + 1 :]
        try:
            found = taken(changed)
        except Broken:
            continue
        if found[:-1] != taken(WHOLE)[:-1]:
            accepted.append(place)
    assert accepted == []


def header(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0) -> bytes:
    found = tarfile.TarInfo(name)
    found.type, found.size, found.linkname = kind, size, "/etc/passwd" if kind == tarfile.SYMTYPE else ""
    return found.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize(
    "name",
    [
        "../evil", "/etc/passwd", "files/../../evil", f"files/ab/ab/../{DIGEST}", f"{FILE}/../../x", "keys/other",
        "rows/../x/000001.jsonl.gz", f"{FILE}\n", "keys/secret_key/x", "Backup.json", f"files/ab/ab/{DIGEST}-0011223g",
    ],
)  # fmt: skip
def test_no_member_leaves_its_place(name):
    head = written(("backup.json", b"{}"))[: 2 * archive.BLOCK]
    with pytest.raises(Broken, match="nothing that a backup has"):
        taken(head + header(name))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, tarfile.XHDTYPE])
def test_there_are_only_plain_files(kind):
    head = written(("backup.json", b"{}"))[: 2 * archive.BLOCK]
    with pytest.raises(Broken, match="nothing that a backup has"):
        taken(head + header(FILE, kind))


@pytest.mark.parametrize("name", ["backup.json", "end.json", "rows/a/000001.jsonl.gz", "keys/vapid_key"])
def test_what_is_read_into_memory_has_a_size(name):
    with pytest.raises(Broken, match="too large"):
        taken(header(name, size=10**9))


def test_members_have_an_order():
    with pytest.raises(Broken, match="where it belongs"):
        taken(written(("backup.json", b"{}"), (FILE, b""), ("rows/a/000001.jsonl.gz", b"")))
    with pytest.raises(Broken, match="where it belongs"):
        taken(written((FILE, b"")))
    with pytest.raises(Broken, match="where it belongs"):
        taken(written(("backup.json", b"{}"), ("backup.json", b"{}")))


def test_rows_that_grow_without_end_are_not_unpacked(monkeypatch):
    import gzip

    monkeypatch.setattr(archive, "MAX_ROWS", 1000)
    small = written(("backup.json", b"{}"), ("rows/a/000001.jsonl.gz", gzip.compress(b"[1]\n[2]\n")))
    assert [member.lines() for member in read(io.BytesIO(small)) if "rows" in member.name] == [[b"[1]", b"[2]"]]
    bomb = written(("backup.json", b"{}"), ("rows/a/000001.jsonl.gz", gzip.compress(b"0" * 10**6)))
    with pytest.raises(Broken, match="too large"):
        [member.lines() for member in read(io.BytesIO(bomb)) if "rows" in member.name]


@pytest.mark.parametrize("text", [b"[" * 100_000, b"[]", b"{", b"\xff"])
def test_what_it_says_of_itself_may_be_anything(text):
    with pytest.raises(Broken):
        parse(text)


@pytest.mark.parametrize("size", [0, 1, 512, 100_000])
def test_a_file_that_changes_meanwhile_is_noticed(size):
    with pytest.raises(OSError, match="changed"):
        Writer(io.BytesIO()).add_stream(FILE, size + 1, [b"x" * size])
