"""The chain of hashes: it notices what was changed, taken out or put in."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from audit.chain import faults, head, seal, seal_batch, unsealed
from audit.models import Entry, Seal
from audit.recording import record
from audit.upkeep import expire_batch, keep_audit_log

pytestmark = pytest.mark.django_db(transaction=True)


def write(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            record("room.archived", actor=1, room=number)


def execute(sql: str) -> None:
    """As somebody would who may do everything with the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE audit_seal DISABLE TRIGGER USER")
            cursor.execute(sql)
            cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
            cursor.execute("ALTER TABLE audit_seal ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'")
        triggers = [made for (made,) in cursor.fetchall()]
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"DROP TRIGGER {table}_append_only")
        cursor.execute(sql)
        for made in triggers:
            cursor.execute(made)


def test_each_entry_is_sealed_once_it_is_committed():
    write(3)
    assert list(Seal.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]
    assert not unsealed().exists()
    assert list(faults()) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET actor = 7 WHERE id = (SELECT entry FROM audit_seal WHERE position = 2)",
        "UPDATE audit_entry SET room = NULL WHERE id = (SELECT entry FROM audit_seal WHERE position = 2)",
        "UPDATE audit_entry SET act = 'room.deleted' WHERE id = (SELECT entry FROM audit_seal WHERE position = 2)",
        "DELETE FROM audit_entry WHERE id = (SELECT entry FROM audit_seal WHERE position = 2)",
        "DELETE FROM audit_seal WHERE position = 2",
        "DELETE FROM audit_seal WHERE position = 1",
        "UPDATE audit_seal SET hash = 'x' WHERE position = 2",
    ],
)
def test_what_was_changed_is_noticed(change):
    write(4)
    execute(change)
    found = list(faults())
    assert found
    with pytest.raises(CommandError):
        call_command("checkaudit")


def test_an_end_that_was_cut_off_is_noticed_by_who_has_kept_it(capsys):
    write(3)
    call_command("checkaudit")
    kept = capsys.readouterr().out.split()[-1]
    call_command("checkaudit", "--expect", kept)
    execute("DELETE FROM audit_entry WHERE id = (SELECT entry FROM audit_seal WHERE position = 3)")
    execute("DELETE FROM audit_seal WHERE position = 3")
    assert list(faults()) == []
    with pytest.raises(CommandError):
        call_command("checkaudit", "--expect", kept)


def test_an_entry_that_was_put_in_is_noticed():
    write(2)
    Entry.objects.create(act="room.archived", actor=1, room=5, made=timezone.now() - timedelta(days=1))
    assert list(faults()) == ["1 entries are not in the chain"]


def test_what_a_process_that_died_left_is_sealed_later():
    write(1)
    Entry.objects.create(act="room.archived", actor=1, room=5)
    assert unsealed().count() == 1
    keep_audit_log.call()
    assert not unsealed().exists()
    assert head()[0] == 2
    assert list(faults()) == []


def test_sealing_twice_is_once():
    write(2)
    seal(Entry.objects.all())
    seal_batch()
    assert Seal.objects.count() == 2


def test_old_entries_are_removed_and_the_chain_holds(settings):
    settings.AUDIT_DAYS = 30
    for days in (40, 31, 3, 1):
        seal([Entry.objects.create(act="room.archived", room=1, made=timezone.now() - timedelta(days=days))])
    assert not expire_batch()
    assert list(Entry.objects.order_by("pk").values_list("act", flat=True)) == [
        "room.archived",
        "room.archived",
        "log.expired",
    ]
    assert list(faults()) == []
    assert not expire_batch()
    assert Entry.objects.count() == 3
    execute("DELETE FROM audit_entry WHERE id = (SELECT entry FROM audit_seal WHERE position = 3)")
    execute("DELETE FROM audit_seal WHERE position <= 3")
    assert list(faults()) == [
        "the chain begins at position 4, and nothing says that older entries were removed",
    ]


def test_a_gap_is_not_taken_for_what_was_too_old(settings):
    settings.AUDIT_DAYS = 30
    for days in (40, 39, 38, 1):
        seal([Entry.objects.create(act="room.archived", room=1, made=timezone.now() - timedelta(days=days))])
    execute("DELETE FROM audit_entry WHERE id = (SELECT entry FROM audit_seal WHERE position = 2)")
    expire_batch()
    expire_batch()
    assert list(faults()) == ["the entry at position 2 is missing"]


def test_for_good_nothing_is_removed(settings):
    settings.AUDIT_DAYS = 0
    seal([Entry.objects.create(act="room.archived", room=1, made=timezone.now() - timedelta(days=9999))])
    assert not expire_batch()
    assert Entry.objects.count() == 1
