"""Sends and fetches files, in a process of its own: what it does itself must not hold up what is measured beside it.

python -m bench.file_client '{"do": "form", "port": …, "path": …, "tokens": […], "size": …, "each": …}' sends `each`
files for every token, all tokens at once, and prints {"seconds", "addresses"}. do: form, put, pieces, fetch (paths).
"""

import http.client
import json
import os
import sys
import threading
import time
from pathlib import Path

PIECE = 5 * 2**20
AT_ONCE = 256 * 1024
HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\nContent-Type: text/plain\r\n\r\n'
END = b"\r\n--x--\r\n"


def main(about: dict) -> None:
    addresses: list[str] = []
    work = {"form": send_form, "put": send_put, "pieces": send_pieces, "fetch": fetch}[about["do"]]
    threads = [threading.Thread(target=work, args=(about, token, addresses)) for token in about["tokens"]]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"seconds": time.monotonic() - began, "addresses": addresses}))


def send_form(about: dict, token: str, addresses: list[str]) -> None:
    line, files = _line(about), about.get("files") or [None] * about["each"]
    for number, path in enumerate(files):
        data = Path(path).read_bytes() if path else os.urandom(16) + bytes(about["size"] - 16)
        head = HEAD % (f"{number}.{'jpg' if path else 'bin'}".encode())
        line.putrequest("POST", about["path"])
        for name, value in _headers(token).items():
            line.putheader(name, value)
        line.putheader("Content-Type", "multipart/form-data; boundary=x")
        line.putheader("Content-Length", str(len(head) + len(data) + len(END)))
        line.endheaders(head)
        view = memoryview(data)
        for start in range(0, len(data), AT_ONCE):
            line.send(view[start : start + AT_ONCE])
        line.send(END)
        addresses.append(json.loads(_answer(line, 200, 201)[1]))


def send_put(about: dict, token: str, addresses: list[str]) -> None:
    line = _line(about)
    for number in range(about["each"]):
        data = os.urandom(16) + bytes(about["size"] - 16)
        line.request("PUT", path := f"{about['path']}{number}.bin", memoryview(data), _headers(token))
        _answer(line, 201, 204)
        addresses.append({"url": path})


def send_pieces(about: dict, token: str, addresses: list[str]) -> None:
    line, headers = _line(about), _headers(token)
    for _number in range(about["each"]):
        data = os.urandom(16) + bytes(about["size"] - 16)
        line.request("POST", about["path"], headers=headers | {"Upload-Length": str(len(data))})
        address = _answer(line, 201)[0]["Location"]
        for start in range(0, len(data), PIECE):
            about_piece = {"Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
            line.request("PATCH", address, data[start : start + PIECE], headers | about_piece)
            _answer(line, 204)
        addresses.append(address)


def fetch(about: dict, token: str, _addresses: list[str]) -> None:
    line = _line(about)
    for path in about["paths"]:
        line.request("GET", path, headers=_headers(token))
        answer = line.getresponse()
        size = 0
        while piece := answer.read(AT_ONCE):
            size += len(piece)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")


def _line(about: dict) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", about["port"], timeout=300)


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _answer(line: http.client.HTTPConnection, *wanted: int) -> tuple[http.client.HTTPMessage, bytes]:
    answer = line.getresponse()
    body = answer.read()
    if answer.status not in wanted:
        raise RuntimeError(f"{answer.status} {body[:300]!r}")
    return answer.headers, body


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
