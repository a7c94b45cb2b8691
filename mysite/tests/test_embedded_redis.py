"""The Redis of an installation that names none."""

import stat

import pytest
import redis

from mysite.serve.embedded_redis import EmbeddedRedis, binary
from mysite.serve.errors import CannotStart


@pytest.fixture
def server(tmp_path):
    one = EmbeddedRedis(tmp_path / "redis.sock", tmp_path / "redis")
    yield one
    one.stop()


def client(server):
    return redis.Redis(unix_socket_path=str(server.socket), socket_timeout=5, decode_responses=True)


def test_what_is_written_is_there_after_a_stop(server):
    server.start()
    client(server).set("key", "value")
    server.stop()
    assert not server.socket.exists()
    server.start()
    assert client(server).get("key") == "value"


def test_it_is_reached_through_its_socket_alone_and_by_its_owner_alone(server):
    server.start()
    settings = client(server).config_get("*")
    assert (settings["port"], settings["appendonly"], settings["maxmemory-policy"]) == ("0", "yes", "noeviction")
    assert stat.S_IMODE(server.socket.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(server.folder.stat().st_mode) & 0o077 == 0


def test_data_that_cannot_be_read_is_set_aside(server):
    server.folder.mkdir()
    (server.folder / "appendonly.aof").write_bytes(b"*3\r\n$3\r\nSET\r\n$not a number\r\n" + b"x" * 1000)
    server.start()
    assert client(server).dbsize() == 0
    assert (server.folder / "appendonly.aof.unreadable").exists()


def test_one_that_an_earlier_serve_left_is_ended_first(server, tmp_path):
    server.start()
    client(server).set("key", "value")
    second = EmbeddedRedis(server.socket, server.folder)
    second.start()
    try:
        assert server.process.wait(10) == 0
        assert client(second).get("key") == "value"
    finally:
        second.stop()


def test_what_it_says_when_it_cannot_start_is_passed_on(server, monkeypatch):
    server.folder.mkdir()
    monkeypatch.setattr("mysite.serve.embedded_redis._options", lambda *_paths: ["--maxmemory", "nonsense"])
    with pytest.raises(CannotStart, match="The embedded Redis cannot start: .+"):
        server.start()


def test_without_any_redis_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr("sys.prefix", "/nowhere")
    with pytest.raises(CannotStart, match="install redis-server, or set REDIS_URL"):
        binary()


def test_a_folder_in_a_public_place_must_be_ours(tmp_path, monkeypatch):
    server = EmbeddedRedis(tmp_path / "open" / "redis.sock", tmp_path / "redis")
    server.socket.parent.mkdir()
    server.socket.parent.chmod(0o777)
    monkeypatch.setattr("mysite.serve.embedded_redis.PUBLIC", tmp_path)
    with pytest.raises(CannotStart, match="belongs to somebody else"):
        server.start()
