"""Backed up and restored: every row of every table, files, keys; from one kind of database into the other."""

import datetime
import hashlib
import io
import tarfile
import zlib
from decimal import Decimal
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from accounts.models import User
from backups import making
from backups.models import Backup
from files.models import Blob
from rooms.models import Message
from rooms.services import membership
from rooms.services.posting import Post, post_many
from rooms.text.search_terms import index_text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
TEXT = 'Grüße, 👋 "quoted" \\ \n\t\u2028 x'
MOMENT = datetime.datetime(2026, 3, 29, 1, 59, 59, 123456, tzinfo=datetime.UTC)
NOT_MODELS = {"cache", "django_migrations", "search_index_state", "backups_backup", "rooms_roomkey", "rooms_userkey"}


def sample(field: models.Field):
    if field.primary_key and isinstance(field, models.AutoField | models.BigAutoField):
        return 1
    if field.name == "search_text":
        return index_text(TEXT)  # it is made anew
    if field.name == "store":
        return "local"
    if field.name == "indexed":
        return False  # as after a restore: files are indexed again, by a job
    if isinstance(field, models.ForeignKey):
        found = field.related_model._base_manager.order_by("pk").values_list(field.target_field.attname, flat=True)
        return found.first() or sample(field.target_field)
    for kind, value in (
        (models.JSONField, {"ü": [1, None, 0.5, True, {"": "x"}]}), (models.BooleanField, True),
        (models.DateTimeField, MOMENT), (models.DateField, MOMENT.date()), (models.TimeField, MOMENT.time()),
        (models.DecimalField, Decimal("1.5")), (models.UUIDField, UUID(int=7)), (models.BinaryField, b"\0\xff x"),
        (models.FloatField, 0.1), (models.IntegerField, 1), (models.TextField, TEXT),
    ):  # fmt: skip
        if isinstance(field, kind):
            return value
    if isinstance(field, models.CharField):
        return (field.choices[0][0] if field.choices else "key" if field.primary_key else TEXT)[: field.max_length]
    raise AssertionError(f"what is a {field}?")


def fill_everything() -> int:
    """One row in each table, with something in each column."""
    found = [model for model in apps.get_models(include_auto_created=True) if model is not Backup]
    with transaction.atomic():
        for model in found:
            if model._meta.proxy or (model is not User and model._base_manager.exists()):  # as after any start
                continue
            values = {field.attname: sample(field) for field in model._meta.local_concrete_fields}
            if model is User:
                values |= {"id": None}
            model._base_manager.bulk_create([model(**values)])
    return len(found)


def contents(data: bytes) -> dict[str, bytes]:
    """Member → what is in it, without what is different at each time."""
    with tarfile.open(fileobj=io.BytesIO(data)) as found:
        read = {member.name: found.extractfile(member).read() for member in found.getmembers()}
    rows = {name: zlib.decompress(data, 31) for name, data in read.items() if name.startswith("rows/")}
    for made_anew in ("rooms_roomkey", "rooms_userkey"):  # by which people and rooms are found
        rows.pop(f"rows/{made_anew}/000001.jsonl.gz", None)
    return rows | {name: data for name, data in read.items() if name.startswith(("files/", "keys/"))}


def make_here(tmp_path, settings, **options) -> bytes:
    settings.DATA_DIR = tmp_path / "here"
    settings.DATA_DIR.mkdir(exist_ok=True)
    out = io.BytesIO()
    making.make(out, Backup(), options.get("with_files", True), lambda *_: None, print)
    return out.getvalue()


def backed_up(place, file) -> dict[str, bytes]:
    place.manage("backup", file)
    return contents(file.read_bytes())


def test_every_row_of_every_table_comes_back(tmp_path, settings, make_installation, empty_database):
    assert fill_everything() > 40
    (tmp_path / "a.tar").write_bytes(made := make_here(tmp_path, settings))
    before = contents(made)
    tables = {name.split("/")[1] for name in before if name.startswith("rows/")}
    there = {name for name in connection.introspection.table_names() if not name.startswith(("message_w", "file_w"))}
    assert tables == there - NOT_MODELS, "what is not in a backup is made anew, and named here"

    same = make_installation("same", empty_database)
    said = same.manage("restore", tmp_path / "a.tar")
    assert "Restored. Start Roundtable." in said
    assert backed_up(same, tmp_path / "b.tar") == before | keys_of(same)

    last = tmp_path / "b.tar"
    if empty_database:  # from PostgreSQL into an SQLite file, and back
        other = make_installation("other")
        other.manage("restore", last)
        assert backed_up(other, last := tmp_path / "c.tar") == before | keys_of(same)
    said = same.try_to("restore", last)
    assert said.returncode == 1
    assert "There is a database in use." in said.stderr
    same.manage("restore", "--overwrite", last)
    assert backed_up(same, tmp_path / "d.tar") == before | keys_of(same)


def keys_of(place) -> dict[str, bytes]:
    return {"keys/secret_key": (place.folder / "secret_key").read_bytes()}


USE = """
from accounts.models import User
from rooms.models import Message, Room
from rooms.search.message_search import search
from rooms.services.posting import Post, post_many
alice, room = User.objects.get(username="alice"), Room.objects.get(name="lobby")
print("found", [hit.message.text for hit in search(alice.pk, "grüße").hits])
before = room.messages.order_by("-seq").first()
post_many([Post(alice, room.id, "afterwards")])
made = Message.objects.get(text="afterwards")
print("new", made.id, made.seq - before.seq)
"""


def test_what_was_restored_can_be_used(tmp_path, settings, make_installation, empty_database, make_user):
    """Numbers go on after the last one that was given, also to a message that is gone; and search finds."""
    alice = make_user("alice")
    room = membership.get_or_create_and_join(alice, "lobby")
    post_many([Post(alice, room.id, text) for text in ("Viele Grüße", "more", "the last")])
    last = Message.objects.get(text="the last").id
    Message.objects.filter(text="the last").delete()
    (tmp_path / "a.tar").write_bytes(make_here(tmp_path, settings))
    for database in {empty_database, ""}:  # that of the tests, and SQLite
        place = make_installation(f"place {database[:6]}", database)
        place.manage("restore", tmp_path / "a.tar")
        said = place.run(USE)
        assert "found ['Viele Grüße']" in said
        assert f"new {last + 1} " in said


def test_files_and_keys_come_back_and_what_is_missing_is_said(tmp_path, settings, make_installation, capsys):
    settings.FILES_DIR = tmp_path / "here" / "files"
    known, lost, changed = b"one" * 1000, b"two", b"three"
    for content in (known, lost, changed):
        digest = hashlib.sha256(content).hexdigest()
        Blob.objects.create(
            digest=digest, size=len(content), type="text/plain", kept_as=f"{digest[:2]}/{digest[2:4]}/{digest}-00112233"
        )
        path = settings.FILES_DIR / f"{digest[:2]}/{digest[2:4]}/{digest}-00112233"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    picture = Blob.objects.get(size=3000)
    picture.preview = {"sides": [320], "animated": False}
    picture.save()
    (settings.FILES_DIR / f"{picture.place}.320.webp").write_bytes(b"small")
    (settings.FILES_DIR / Blob.objects.get(size=3).place).unlink()
    (settings.FILES_DIR / Blob.objects.get(size=5).place).write_bytes(b"THREE")
    (tmp_path / "here" / "secret_key").write_text("the key of here")
    (tmp_path / "here" / "vapid_key").write_text("the other key")
    from django.core.files.storage import storages

    storages._storages.pop("files", None)

    (tmp_path / "a.tar").write_bytes(make_here(tmp_path, settings))
    said = capsys.readouterr().out
    assert f"{hashlib.sha256(lost).hexdigest()}: its bytes are missing" in said
    assert f"{hashlib.sha256(changed).hexdigest()}: its bytes are not those that were sent" in said

    place = make_installation("place")
    assert "a file that was damaged when" in place.manage("restore", "--check", tmp_path / "a.tar")
    assert not (place.folder / "roundtable.sqlite3").exists(), "a check touches nothing"
    said = place.manage("restore", tmp_path / "a.tar")
    assert "2 files were missing when the backup was made." in said
    assert (place.folder / "files" / picture.place).read_bytes() == known
    assert (place.folder / "files" / f"{picture.place}.320.webp").read_bytes() == b"small"
    assert (place.folder / "secret_key").read_text() == "the key of here"
    assert (place.folder / "vapid_key").read_text() == "the other key"
    assert (place.folder / "vapid_key").stat().st_mode & 0o777 == 0o600
    assert "its bytes are missing" in place.try_to("files", "check").stdout
    storages._storages.pop("files", None)
