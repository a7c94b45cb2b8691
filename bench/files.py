"""Files: how fast they come in and go out by one process, beside plain Django's; small pictures; and what 20 large
uploads at once do to those who write meanwhile, and to the memory."""

import json
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from .crowd import Crowd
from .dialects import Chat
from .measure import Usage, quantile
from .report import Table, ratio
from .servers import BASE_DIR, Nginx, Roundtable, Server

MIB = 2**20
SIZE = 50 * MIB
EACH = 4  # files of one figure
PICTURES = 30  # of 12 megapixels
ON_PAGE = 50
PEOPLE, UPLOADS = 20, 20
POST_INTERVAL = 0.1  # seconds
QUOTAS = {"FILES_QUOTA_PERSON_MB": 0, "FILES_QUOTA_ROOM_MB": 0, "FILES_QUOTA_MB": 0, "MAX_UPLOAD_MB": 60}


def tables(options):
    rates = Table("50 MB files, one process, one client", ["", "in MB/s", "CPU s a GB", "out MB/s", "CPU s a GB"])
    with _stock(options.folder / "stock") as stock:
        sent = _measured(stock.usage, lambda: client(stock, "form", "/upload", [""], size=SIZE, each=EACH))
        paths = [each["url"] for each in sent[0]["addresses"]]
        fetched = _measured(stock.usage, lambda: client(stock, "fetch", "", [""], paths=paths))
        rates.add("Django: storage, FileResponse", *_rates(sent), *_rates(fetched))
    with Roundtable(options.folder / "files", **QUOTAS) as server:
        sessions = server.inside("people", count=PEOPLE, rooms=["bench"])
        tokens = server.inside("tokens", count=UPLOADS)
        form, uploads = "/api/rooms/bench/files", "/api/rooms/bench/uploads"
        sent = _measured(server.usage, lambda: client(server, "form", form, tokens[:1], size=SIZE, each=EACH))
        paths = [each["url"] for each in sent[0]["addresses"]]
        fetched = _measured(server.usage, lambda: client(server, "fetch", "", tokens[:1], paths=paths))
        rates.add("Roundtable: a form, and as it is", *_rates(sent), *_rates(fetched))
        sent = _measured(server.usage, lambda: client(server, "pieces", uploads, tokens[:1], size=SIZE, each=EACH))
        rates.add("Roundtable: by pieces of 5 MB", *_rates(sent), "", "")
        if shutil.which("nginx"):
            _measure_nginx(options.folder / "nginx", rates)
        else:
            rates.notes.append("nginx is not measured: there is none on this machine")
        yield rates
        yield _pictures(options.folder, server, tokens, form)
        yield _crowded(server, tokens, sessions, form)


def _measure_nginx(folder: Path, rates: Table) -> None:
    with Nginx(folder) as nginx:
        sent = _measured(nginx.usage, lambda: client(nginx, "put", "/", [""], size=SIZE, each=EACH))
        paths = [each["url"] for each in sent[0]["addresses"]]
        fetched = _measured(nginx.usage, lambda: client(nginx, "fetch", "", [""], paths=paths))
        rates.add("nginx: PUT, and a file of its own", *_rates(sent), *_rates(fetched))


def client(server: Server, do: str, path: str, tokens: list[str], **more) -> dict:
    done = subprocess.run(_command(server, do, path, tokens, **more), cwd=BASE_DIR, capture_output=True, text=True)
    if done.returncode or done.stderr:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


def _command(server: Server, do: str, path: str, tokens: list[str], **more) -> list[str]:
    about = {"do": do, "port": server.port, "path": path, "tokens": tokens, **more}
    return [sys.executable, "-m", "bench.file_client", json.dumps(about)]


def _measured(usage: Usage, work: Callable[[], dict]) -> tuple[dict, float]:
    usage.start()
    done = work()
    return done, usage.stop()


def _rates(measured: tuple[dict, float]) -> tuple[float, float]:
    done, cpu = measured
    return EACH * SIZE / MIB / done["seconds"], cpu / (EACH * SIZE / 2**30)


def _pictures(folder: Path, server: Roundtable, tokens: list[str], form: str) -> Table:
    table = Table("Pictures of 12 megapixels (JPEG)", ["", "a second", "CPU ms each", "KB each"])
    files = [str(_picture(folder, number)) for number in range(PICTURES)]
    done, cpu = _measured(server.usage, lambda: client(server, "form", form, tokens[:1], files=files))
    sizes = sum(Path(file).stat().st_size for file in files)
    table.add("come in, small ones made", PICTURES / done["seconds"], cpu / PICTURES * 1000, sizes / PICTURES / 1024)
    shown = (done["addresses"] * 2)[:ON_PAGE]
    paths = [each["thumb"] for each in shown]
    done, cpu = _measured(server.usage, lambda: client(server, "fetch", "", tokens[:1], paths=paths))
    table.add(f"{ON_PAGE} of a page go out", ON_PAGE / done["seconds"], cpu / ON_PAGE * 1000, "")
    table.notes.append("small pictures are made in child processes: their CPU is not in it")
    return table


def _picture(folder: Path, number: int) -> Path:
    path = folder / f"{number}.jpg"
    noise = Image.effect_noise((400, 300), 60 + number).resize((4000, 3000))
    Image.merge("RGB", (noise, noise.rotate(90), noise.rotate(180))).save(path, quality=85)
    return path


def _crowded(server: Roundtable, tokens: list[str], sessions: list[str], form: str) -> Table:
    table = Table(
        f"{UPLOADS} uploads of 50 MB at once, {PEOPLE} people write",
        ["", "acks", "p50 ms", "p95 ms", "against quiet", "MB more memory", "MB/s"],
    )
    with Crowd(Chat(), server.port) as crowd:
        crowd.open([crowd.dialect.place("bench", session) for session in sessions])
        crowd.settle(2)
        ends = time.monotonic() + 15
        quiet = _acks(crowd, lambda: time.monotonic() < ends)
        table.add("quiet", len(quiet), quantile(quiet, 0.5), base := quantile(quiet, 0.95), "× 1.00", "", "")
        before = most = server.usage.kilobytes()
        began = time.monotonic()
        command = _command(server, "form", form, tokens, size=SIZE, each=1)
        uploads = subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.DEVNULL)

        def still() -> bool:
            nonlocal most
            most = max(most, server.usage.kilobytes())
            return uploads.poll() is None

        busy = _acks(crowd, still)
        p95, rate = quantile(busy, 0.95), UPLOADS * SIZE / MIB / (time.monotonic() - began)
        table.add(
            "while they come in", len(busy), quantile(busy, 0.5), p95, ratio(p95, base), (most - before) / 1024, rate
        )
    return table


def _acks(crowd: Crowd, goes_on: Callable[[], bool]) -> list[float]:
    """Milliseconds from each post to its ack, one post every POST_INTERVAL seconds."""
    sent: dict[str, float] = {}
    delays: list[float] = []

    def take(one, data: bytes) -> None:
        for text in crowd.frames(one, data):
            for event in json.loads(text) if text[:1] == b"[" else [json.loads(text)]:
                if event.get("type") == "ack" and event["id"] in sent:
                    delays.append((time.monotonic() - sent.pop(event["id"])) * 1000)

    crowd.on_data = take
    due = time.monotonic()
    while goes_on():
        if time.monotonic() >= due:
            id = str(uuid.uuid4())
            sent[id] = time.monotonic()
            crowd.clients[len(delays) % len(crowd.clients)].send(crowd.dialect.post("see you at ten", id))
            due += POST_INTERVAL
        crowd.turn(min(0.02, max(0.0, due - time.monotonic())))
    crowd.settle(1)
    crowd.on_data = crowd.drop
    return delays


def _stock(folder: Path) -> Server:
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "bench.peers.stock_files:application",
        "--port",
        "PORT",
        "--no-access-log",
    ]
    return Server(folder, command, {"FILES_FOLDER": folder / "media"})
