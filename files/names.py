"""Names of files as people see them. They never become paths: in the store a file is called by its digest."""

import unicodedata

MAX_BYTES = 255  # of UTF-8, as file systems have it
_JOINERS = "\u200c\u200d"  # in the middle of words and emoji
# Characters with a special meaning to file systems, shells or address bars.
_REPLACED = str.maketrans(dict.fromkeys('\\/:*?"<>|', "_"))
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
UNNAMED = "file"


def clean_name(name: str) -> str:
    """The last part of a path, in normal form C, on one line, without invisible characters and marks that change the
    direction of text; at most MAX_BYTES long, and its ending is kept."""
    name = unicodedata.normalize("NFC", name[:4096].replace("\\", "/").rstrip("/").rpartition("/")[2])
    name = "".join(map(_shown, name)).translate(_REPLACED)
    name = " ".join(name.split()).strip(" .\u200c\u200d") if name.strip(" .") else ""
    if not name:
        return UNNAMED
    if name.partition(".")[0].rstrip().lower() in _DEVICES:
        name = f"_{name}"
    return _shortened(name)


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Zl", "Zp") or char in "\t\n\r":
        return " "
    return "" if category[0] == "C" and char not in _JOINERS else char


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > 32:
        stem, dot, ending = name, "", ""
    left = MAX_BYTES - len(f"{dot}{ending}".encode())
    return stem.encode()[:left].decode(errors="ignore").rstrip() + dot + ending
