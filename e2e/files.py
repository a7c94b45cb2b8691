"""Files for the tests, made here, and how somebody sends them without the page."""

import io
import json

from PIL import Image

from .conftest import ARTIFACTS
from .person import Person

PNG = "image/png"


def picture(width: int = 800, height: int = 500, colour: str = "steelblue", format: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, format)
    return buffer.getvalue()


def send_files(one: Person, room: str, *files: tuple[str, str, bytes], text: str = "", alt: str = "") -> dict:
    """files: (name, type, bytes). The message, as the API has it."""
    token = next(each["value"] for each in one.context.cookies() if each["name"] == "csrftoken")
    headers = {"X-CSRFToken": token}
    ids = []
    for name, type, data in files:
        sent = {"file": {"name": name, "mimeType": type, "buffer": data}, "alt": alt}
        answer = one.context.request.post(f"/api/rooms/{room}/files", multipart=sent, headers=headers)
        assert answer.status == 201, answer.text()
        ids.append(answer.json()["id"])
    body = json.dumps({"message": text, "files": ids})
    headers |= {"Content-Type": "application/json"}
    answer = one.context.request.post(f"/api/rooms/{room}/messages", data=body, headers=headers)
    assert answer.status == 201, answer.text()
    return answer.json()


def snap(one: Person, name: str, size: dict) -> None:
    """Pictures of the page, light and dark, to be looked at."""
    for scheme in ("light", "dark"):
        one.page.emulate_media(color_scheme=scheme)
        one.picture(ARTIFACTS / "looks" / f"{name}-{size['viewport']['width']}-{scheme}.png")
    one.page.emulate_media(color_scheme="light")
