"""Which files a run was given: in its receipt, without their names, which end with the files."""

from collections.abc import Iterable
from typing import Any

from ..context.files import PromptFile
from ..models import Run


def note_files(run: Run, files: Iterable[PromptFile], kind: str, page: int | None = None) -> None:
    """kind: "picture", of which these are all now; or "text", of which a page was read."""
    listed: list[dict[str, Any]] = [each for each in run.files or [] if kind != "picture" or each["as"] != kind]
    for file in files:
        run.file_names[file.key] = file.described["name"]
        listed = _with(listed, file, kind, page)
    run.files = listed or None


def _with(listed: list[dict[str, Any]], file: PromptFile, kind: str, page: int | None) -> list[dict[str, Any]]:
    entry: dict[str, Any] = {"message": file.message_id, "number": file.number, "key": file.key, "as": kind}
    known = next((each for each in listed if (each["key"], each["as"]) == (file.key, kind)), None)
    if page is not None:
        entry["pages"] = sorted({*(known["pages"] if known else ()), page})
    return [*(each for each in listed if each is not known), entry]
