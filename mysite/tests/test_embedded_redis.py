"""The Redis of an installation that names none."""

import stat

import pytest
import redis

from mysite.supervisor.embedded_redis import EmbeddedRedis, find_program
from mysite.supervisor.errors import CannotStart


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
    server.start()
    client(server).set("key", "value")
    server.stop()
    (log,) = [path for path in server.folder.rglob("*.aof") if path.stat().st_size]  # a folder of them, from Redis 7 on
    log.write_bytes(b"*3\r\n$3\r\nSET\r\n$not a number\r\n" + b"x" * 1000)
    server.start()
    assert client(server).dbsize() == 0
    assert list(server.folder.glob("appendonly*.unreadable"))


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
    monkeypatch.setattr("mysite.supervisor.embedded_redis._options", lambda *_paths: ["--maxmemory", "nonsense"])
    with pytest.raises(CannotStart, match="The embedded Redis cannot start: .+"):
        server.start()


def test_without_any_redis_it_says_what_to_install(monkeypatch, settings):
    settings.REDIS_SERVER = ""
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(CannotStart, match="install redis-server, or set REDIS_URL"):
        find_program()


@pytest.fixture
def programs(tmp_path, monkeypatch, settings):
    """programs(system=…, packaged=…): server programs that say these versions, and no others."""
    settings.REDIS_SERVER = ""

    def make(system: str, packaged: str):
        found = {}
        for place, said in (("system", system), ("packaged", packaged)):
            path = tmp_path / place
            path.write_text(f"#!/bin/sh\necho '{said}'\n")
            path.chmod(0o700)
            found[place] = str(path)
        monkeypatch.setattr("shutil.which", lambda name: found["system"] if name == "redis-server" else None)
        monkeypatch.setattr("mysite.supervisor.embedded_redis._packaged_programs", lambda: [found["packaged"]])
        return found

    return make


def test_the_systems_program_is_used_when_it_is_sound(programs):
    found = programs(system="Redis server v=8.2.2 sha=0", packaged="Valkey server v=9.1.2 sha=0")
    assert find_program() == found["system"]


def test_the_packaged_program_replaces_one_with_known_holes(programs):
    found = programs(system="Redis server v=7.0.15 sha=0", packaged="Valkey server v=9.1.2 sha=0")
    assert find_program() == found["packaged"]


def test_one_with_known_holes_is_better_than_none(programs):
    found = programs(system="Redis server v=7.0.15 sha=0", packaged="says nothing of use")
    assert find_program() == found["system"]


def test_the_packaged_program_runs_here():
    """Whatever else is installed: `bin/serve` on a bare machine depends on it."""
    from common import redis_version
    from mysite.supervisor import embedded_redis

    (packaged,) = embedded_redis._packaged_programs()
    assert redis_version.get_program_version(packaged).product == "Valkey"


def test_a_program_that_is_named_must_be_there(settings):
    settings.REDIS_SERVER = "/nowhere/redis-server"
    with pytest.raises(CannotStart, match="REDIS_SERVER is /nowhere/redis-server"):
        find_program()


def test_a_folder_in_a_public_place_must_be_ours(tmp_path, monkeypatch):
    server = EmbeddedRedis(tmp_path / "open" / "redis.sock", tmp_path / "redis")
    server.socket.parent.mkdir()
    server.socket.parent.chmod(0o777)
    monkeypatch.setattr("mysite.supervisor.embedded_redis.PUBLIC_DIR", tmp_path)
    with pytest.raises(CannotStart, match="belongs to somebody else"):
        server.start()
