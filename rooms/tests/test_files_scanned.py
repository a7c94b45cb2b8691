"""Files are asked of ClamAV before anybody gets them: what it finds, and what happens while it is away."""

import socketserver
import threading

import pytest
from asgiref.sync import async_to_sync

from files.incoming import folder
from files.models import Blob
from mysite.monitoring import health
from rooms.models import Attachment

from .live import until
from .test_files_resumed import begin, head, patch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unlimited")]
VIRUS = b"not really a virus"


class Clamd(socketserver.StreamRequestHandler):
    """What clamd says to PING and INSTREAM (clamd(8))."""

    def handle(self):
        command = self._until_nul()
        if command == b"zPING":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM":
            data = b""
            while size := int.from_bytes(self.rfile.read(4), "big"):
                data += self.rfile.read(size)
            found = b"Test.Virus-1 FOUND" if VIRUS in data else b"OK"
            self.wfile.write(b"stream: " + found + b"\0" if len(data) < 2**20 else b"size limit exceeded. ERROR\0")

    def _until_nul(self) -> bytes:
        return b"".join(iter(lambda: self.rfile.read(1), b"\0"))


@pytest.fixture(params=["tcp", "unix"])
def clamd(request, settings, tmp_path_factory):
    if request.param == "tcp":
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
        settings.CLAMAV_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
    else:
        path = str(tmp_path_factory.mktemp("c") / "s")
        server = socketserver.ThreadingUnixStreamServer(path, Clamd)
        settings.CLAMAV_URL = f"unix://{path}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_carries_a_virus_is_refused_and_all_else_comes_in(hers, clamd):
    before = set(folder().glob("*"))
    answer = hers.upload("lobby", b"x" * 300_000 + VIRUS)
    assert (answer.status, answer.reason, answer.json["params"]) == (400, "file_infected", {"virus": "Test.Virus-1"})
    assert not Blob.objects.exists()
    until(lambda: set(folder().glob("*")) <= before)
    assert hers.get(hers.uploaded("lobby", b"clean")["url"]).body == b"clean"
    assert async_to_sync(health._check_scanner)() == ""


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:9", "unix:///nowhere/clamd"])
def test_while_it_is_away_a_setting_says_what_comes_in(hers, settings, url):
    settings.CLAMAV_URL = url
    answer = hers.upload("lobby")
    assert (answer.status, answer.reason) == (503, "file_not_scanned") and not Blob.objects.exists()
    assert async_to_sync(health._check_scanner)() == "no answer"
    settings.CLAMAV_REQUIRED = False
    assert hers.upload("lobby").status == 201
    assert async_to_sync(health._check_scanner)() == "no answer"


def test_what_came_in_by_pieces_waits_until_it_can_be_looked_at(hers, settings, clamd):
    url, settings.CLAMAV_URL = settings.CLAMAV_URL, "tcp://127.0.0.1:9"
    address = begin(hers, 7).headers["location"]
    assert patch(hers, address, 0, b"a cleft").reason == "file_not_scanned"
    assert head(hers, address) == (200, "7", "")
    settings.CLAMAV_URL = url
    whole = patch(hers, address, 7, b"")
    assert whole.status == 204 and Attachment.objects.get().key == whole.headers["upload-file"]
    address = begin(hers, len(VIRUS)).headers["location"]
    assert patch(hers, address, 0, VIRUS).reason == "file_infected"
    assert head(hers, address)[0] == 404


def test_what_it_cannot_look_at_counts_as_not_looked_at(hers, clamd):
    assert hers.upload("lobby", b"x" * 2**20).reason == "file_not_scanned"
