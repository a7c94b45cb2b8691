"""Fixtures: a server that speaks S3, and buckets on it. A plugin of the tests of all apps."""

import secrets
import subprocess
import sys

import pytest
from django.core.files.storage import storages

from files import places


@pytest.fixture(scope="session")
def s3_server():
    """The origin of a server that speaks S3."""
    command = [sys.executable, "-m", "files.tests.s3_server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.stdin.close()


@pytest.fixture
def bucket(s3_server, settings, tmp_path):
    """An empty bucket, where files go from now on; on the disk there are none."""
    settings.FILES_DIR = tmp_path / "files"
    settings.FILES_STORAGE, settings.FILES_S3_BUCKET = "s3", f"files-{secrets.token_hex(6)}"
    settings.FILES_S3_ENDPOINT, settings.FILES_S3_KEY, settings.FILES_S3_SECRET = s3_server, "key", "secret"
    for name in ("files", "files-s3"):
        storages._storages.pop(name, None)
    made = places.s3().bucket
    made.create()
    yield made
    for name in ("files", "files-s3"):
        storages._storages.pop(name, None)
