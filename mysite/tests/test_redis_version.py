"""Which server runs, and what is said about it."""

import logging

import pytest
import redis
from django.conf import settings

from common.redis_version import Version, get_program_version, parse_server_version
from mysite.supervisor import checks


@pytest.mark.parametrize(
    ("product", "release", "fixed"),
    [
        ("Redis", (6, 2, 14), (6, 2, 20)),
        ("Redis", (6, 2, 20), None),
        ("Redis", (7, 0, 15), (7, 2, 11)),  # a branch that was given up
        ("Redis", (7, 2, 11), None),
        ("Redis", (8, 6, 3), None),
        ("Valkey", (8, 0, 5), (8, 0, 6)),
        ("Valkey", (8, 1, 8), None),
        ("Valkey", (9, 1, 2), None),
    ],
)
def test_the_fixed_release_is_that_of_its_branch(product, release, fixed):
    version = Version(product, release)
    assert version.fixed_in == fixed
    assert bool(version.warning) == bool(fixed)


def test_a_release_without_the_commands_we_use_is_named_too_old():
    assert "needs Redis 6.2 or newer" in Version("Redis", (5, 0, 7)).warning


def test_a_program_that_says_nothing_has_no_version(tmp_path):
    program = tmp_path / "server"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o700)
    assert get_program_version(str(program)) is None
    assert get_program_version(str(tmp_path / "none")) is None


def test_valkey_is_not_taken_for_the_redis_that_it_claims_to_be():
    assert parse_server_version({"redis_version": "7.2.4", "valkey_version": "8.1.8"}) == Version("Valkey", (8, 1, 8))
    assert parse_server_version({"redis_version": "7.0.15"}) == Version("Redis", (7, 0, 15))
    assert parse_server_version({}) is None


def test_the_start_says_which_server_runs_and_warns_of_an_old_one(monkeypatch, caplog):
    said = []
    for where, version in checks.check_redis(settings.REDIS_URLS):
        checks.report_version(where, version, said.append)
    with redis.Redis.from_url(settings.REDIS_URLS[0]) as client:
        running = parse_server_version(client.info("server"))
    assert said == [f"Redis at {checks.without_password(settings.REDIS_URLS[0])}: {running}"]
    with caplog.at_level(logging.WARNING):
        checks.report_version("Embedded Redis", Version("Redis", (6, 2, 14)), said.append)
    assert "older than Redis 6.2.20" in caplog.text
