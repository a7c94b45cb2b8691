"""Names are for people, and never paths."""

import pytest

from files.names import MAX_BYTES, clean_name


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a.txt", "a.txt"),
        ("/", "file"),
        ("", "file"),
        ("...", "file"),
        (" . ", "file"),
        ("..", "file"),
        (".bashrc", "bashrc"),
        ("a\0b\r\nc.txt", "ab c.txt"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("\u200b\ufeff.txt", "txt"),
        ("u\u0308.txt", "ü.txt"),
        ("CON.txt", "_CON.txt"),
        ('a"b<c>|d?.txt', "a_b_c__d_.txt"),
        ("👩\u200d🚀.png", "👩\u200d🚀.png"),
        ("\ud800x.txt", "x.txt"),
        ("a" * 300 + ".tar.gz", "a" * 252 + ".gz"),
        ("ü" * 200 + ".txt", "ü" * 125 + ".txt"),
        ("x" * 10_000, "x" * MAX_BYTES),
        ("a." + "b" * 300, "a." + "b" * 253),
    ],
)
def test_a_name_is_cleaned(name, cleaned):
    assert clean_name(name) == cleaned
    assert clean_name(cleaned) == cleaned
    assert 0 < len(cleaned.encode()) <= MAX_BYTES
