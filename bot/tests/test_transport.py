"""What lies under the openai package: connections to servers that behave well, oddly, and badly."""

import asyncio
import datetime
import gzip
import ipaddress
import ssl
import threading
from contextlib import asynccontextmanager

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.llm import client as llm
from bot.llm import http_connection, transport
from bot.llm.endpoint import ModelEndpoint
from bot.llm.errors import ModelError
from bot.llm.listener import Listener
from bot.llm.prompt import Prompt
from bot.llm.transport import PooledTransport
from mysite.tests.waiting import PATIENCE

OK = b"HTTP/1.1 200 OK\r\n"
WHOLE = OK + b"Content-Length: 5\r\n\r\nhello"
CHUNKS = OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"


class Server:
    """Gives each request the next of its answers, and counts who came."""

    def __init__(self, answers, hang_up=True):
        self.answers, self.hang_up = list(answers), hang_up
        self.asked: list[bytes] = []
        self.connections = 0

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                self.asked.append(head + await reader.readexactly(2))
                writer.write(self.answers.pop(0))
                if self.hang_up:
                    break
            else:
                await reader.read()  # until the client goes
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def served(*answers, hang_up=True, **options):
    server = Server(answers, hang_up)
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0, **options) as listening:
        port = listening.sockets[0].getsockname()[1]
        ours = PooledTransport()
        async with httpx2.AsyncClient(transport=ours) as client:
            scheme = "https" if options else "http"
            server.ask = lambda: client.post(f"{scheme}://127.0.0.1:{port}/v1/x?y=1", content=b"{}")
            server.transport = ours
            yield server


@pytest.mark.parametrize(
    "answer",
    [
        WHOLE,
        CHUNKS,
        OK + b"\r\nhello",
        b"HTTP/1.0 200 OK\r\n\r\nhello",
        b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE,
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello", mtime=0),
    ],
)
async def test_every_way_to_send_a_body(answer):
    async with served(answer) as server:
        response = await server.ask()
    assert (response.status_code, response.text) == (200, "hello")
    assert server.asked[0].startswith(b"POST /v1/x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:") and server.asked[0].endswith(
        b"{}"
    )


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", httpx2.ReadError),
        (OK, httpx2.ReadError),
        (WHOLE[:-1], httpx2.ReadError),
        (CHUNKS[:-8], httpx2.ReadError),
        (b"SSH-2.0-OpenSSH\r\n", httpx2.RemoteProtocolError),
        (OK + b"X: " + b"a" * http_connection.MAX_HEAD_BYTES, httpx2.RemoteProtocolError),
        (OK + b"X: aaa\r\n" * (http_connection.MAX_HEAD_BYTES // 4) + b"\r\n", httpx2.RemoteProtocolError),
        (CHUNKS.replace(b"3\r\n", b"ugh\r\n"), httpx2.RemoteProtocolError),
    ],
)
async def test_what_is_cut_or_no_answer_is_an_error(answer, error):
    async with served(answer) as server:
        with pytest.raises(error):
            await server.ask()


async def test_a_connection_serves_one_question_after_the_other():
    async with served(WHOLE, CHUNKS, WHOLE, hang_up=False) as server:
        assert [(await server.ask()).text for _ in range(3)] == ["hello"] * 3
        assert server.connections == 1


async def test_one_that_the_server_left_is_not_used_again():
    async with served(WHOLE, WHOLE) as server:
        assert (await server.ask()).text == "hello"
        await _left(server)
        assert (await server.ask()).text == "hello" and server.connections == 2


@pytest.mark.parametrize(
    "answer", [WHOLE + b"more than was asked for", WHOLE.replace(b"200 OK", b"200 OK\r\nConnection: close")]
)
async def test_one_that_is_not_to_be_kept_is_closed(answer):
    async with served(answer, WHOLE, hang_up=False) as server:
        assert [(await server.ask()).text for _ in range(2)] == ["hello"] * 2
        assert server.connections == 2


async def test_after_a_rest_it_is_closed(monkeypatch):
    monkeypatch.setattr(transport, "KEEP_ALIVE", 0.01)
    async with served(WHOLE, WHOLE, hang_up=False) as server:
        await server.ask()
        await _left(server)
        await server.ask()
        assert server.connections == 2


async def test_a_certificate_is_checked_and_a_good_one_serves(tmp_path):
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(_certificate())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    body = b"x" * 300_000
    answer = OK + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    async with served(answer, ssl=context) as server:
        with pytest.raises(httpx2.ConnectError, match="(?i)certificate"):
            await server.ask()
        server.transport.__dict__["_ssl"] = ssl.create_default_context(cafile=certificate)
        assert (await server.ask()).content == body


async def test_a_connection_that_does_not_come_about_is_given_up(monkeypatch):
    monkeypatch.setattr(llm, "LIMITS", llm.Limits(connect=0.1))

    async def say_nothing(reader, writer):
        await reader.read()
        writer.close()  # which also keeps it until then: a writer that is forgotten closes its connection

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as silent:
        address = f"https://127.0.0.1:{silent.sockets[0].getsockname()[1]}/v1"
        with pytest.raises(ModelError, match="cannot be reached"):
            async with asyncio.timeout(PATIENCE):
                await llm.stream_response(ModelEndpoint("m", address), Prompt("", []), Listener())


async def test_two_hundred_answers_at_once(model):
    """The usual transport would let half of them wait."""
    gate = threading.Event()
    model.say(["So", " it", " is."], hold=gate, hold_after=1)
    heard = []
    asking = [asyncio.create_task(_ask(model, heard.append)) for _ in range(200)]
    await asyncio.to_thread(model.wait_for_request, 200)
    gate.set()
    await asyncio.gather(*asking)
    assert "".join(heard).count("So") == 200


async def test_once_it_speaks_several_tokens_are_read_at_once(model, monkeypatch):
    reads, received = [], http_connection.HttpConnection.data_received

    def counted(self, data):
        reads.append(self.pacer)
        received(self, data)

    monkeypatch.setattr(http_connection.HttpConnection, "data_received", counted)
    model.say("word " * 200, token_delay=0.002)
    heard = []
    await _ask(model, heard.append)
    assert "".join(heard) == "word " * 200
    assert (
        reads[0] is None
        and {rhythm.interval for rhythm in reads[3:]} == {llm.LIMITS.read_interval}
        and len(reads) < 100
    )


async def _left(server):
    """Until the connection that is kept is of no more use."""
    [[kept]] = server.transport._idle.values()
    while kept.is_usable:  # noqa: ASYNC110 (nobody is told)
        await asyncio.sleep(0.01)


async def _ask(model, hear):
    prompt = Prompt("", [{"role": "user", "text": "hi"}])
    listener = Listener()
    listener.on_text = hear
    return await llm.stream_response(ModelEndpoint("m", model.base_url, "chat"), prompt, listener)


def _certificate() -> bytes:
    """For 127.0.0.1, signed by itself; with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "model")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
    made = made.add_extension(address, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + made.public_bytes(serialization.Encoding.PEM)
