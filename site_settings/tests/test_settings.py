"""What counts: the environment, then what staff have set, then the default. And how it gets there."""

import asyncio
import logging
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from audit.models import Entry
from site_settings import changes, current, secrets
from site_settings.catalogue import SETTINGS
from site_settings.models import StoredSetting

pytestmark = pytest.mark.django_db


def acts() -> list[tuple[str, dict]]:
    return list(Entry.objects.order_by("pk").values_list("act", "params"))


def errors_of(call) -> dict[str, str]:
    """Name of a setting → code of what is wrong with it."""
    with pytest.raises(ValidationError) as caught:
        call()
    return {name: errors[0].code for name, errors in caught.value.error_dict.items()}


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """commits(): what is done after the commit is done when the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_what_is_set_counts_at_once_and_the_default_after_a_reset(settings, commits):
    settings.OPEN_SIGNUP = True
    with commits():
        assert changes.change(7, {"OPEN_SIGNUP": False}) == ["OPEN_SIGNUP"]
    assert current.flag("OPEN_SIGNUP") is False
    with commits():
        assert changes.change(7, {"OPEN_SIGNUP": None}) == ["OPEN_SIGNUP"]
    assert current.flag("OPEN_SIGNUP") is True
    assert acts() == [
        ("setting.changed", {"setting": "OPEN_SIGNUP", "before": "yes", "after": "no"}),
        ("setting.reset", {"setting": "OPEN_SIGNUP", "before": "no"}),
    ]
    assert set(Entry.objects.values_list("actor", flat=True)) == {7}


def test_what_is_as_it_was_is_no_change(commits):
    with commits():
        changes.change(7, {"MAX_UPLOAD_MB": 3})
        assert changes.change(8, {"MAX_UPLOAD_MB": 3}) == []
        assert changes.change(8, {"ROOM_DELETION_DAYS": None}) == []
    assert len(acts()) == 1


def test_the_environment_wins_and_cannot_be_overruled(settings, commits):
    with commits():
        changes.change(7, {"ROOM_DELETION_DAYS": 3})
    settings.SET_IN_ENVIRONMENT, settings.ROOM_DELETION_DAYS = frozenset({"ROOM_DELETION_DAYS"}), 90
    assert current.number("ROOM_DELETION_DAYS") == 90
    assert errors_of(lambda: changes.change(7, {"ROOM_DELETION_DAYS": 5})) == {"ROOM_DELETION_DAYS": "by_environment"}
    settings.SET_IN_ENVIRONMENT = frozenset()
    assert current.number("ROOM_DELETION_DAYS") == 3


def test_all_is_changed_or_nothing():
    wanted = {"OPEN_SIGNUP": "no", "MAX_UPLOAD_MB": 0, "NO_SUCH": 1, "ROOM_DELETION_DAYS": 3}
    found = errors_of(lambda: changes.change(7, wanted))
    assert found == {"OPEN_SIGNUP": "invalid", "MAX_UPLOAD_MB": "invalid", "NO_SUCH": "unknown"}
    assert not StoredSetting.objects.exists() and acts() == []


def test_a_change_that_is_rolled_back_leaves_neither_a_value_nor_an_entry():
    with pytest.raises(RuntimeError), transaction.atomic():
        changes.change(7, {"MAX_UPLOAD_MB": 3})
        raise RuntimeError
    current.refresh()
    assert current.number("MAX_UPLOAD_MB") == 50 and acts() == []


def test_who_has_seen_an_older_value_is_told_what_it_is_now():
    changes.change(7, {"MAX_UPLOAD_MB": 3}, {"MAX_UPLOAD_MB": 0})
    with pytest.raises(ValidationError) as caught:
        changes.change(8, {"MAX_UPLOAD_MB": 4}, {"MAX_UPLOAD_MB": 0})
    assert caught.value.message_dict == {"MAX_UPLOAD_MB": ["Somebody else has changed this meanwhile, to “3”."]}
    changes.change(8, {"MAX_UPLOAD_MB": 4}, {"MAX_UPLOAD_MB": 1})


def test_reading_takes_no_query(django_assert_num_queries, commits):
    with commits():
        changes.change(7, {"MAX_UPLOAD_MB": 3})
    with django_assert_num_queries(0):
        assert [current.value(name) for name in SETTINGS]
    with django_assert_num_queries(1):
        current.refresh()


def test_a_process_learns_of_a_change_by_another_one_when_it_looks_again():
    StoredSetting.objects.create(name="MAX_UPLOAD_MB", value=3, version=1)
    assert current.number("MAX_UPLOAD_MB") == 50
    current.refresh()
    assert current.number("MAX_UPLOAD_MB") == 3


def test_a_command_reads_them_when_it_asks_first():
    StoredSetting.objects.create(name="MAX_UPLOAD_MB", value=3, version=1)
    current.replace(None)
    assert current.number("MAX_UPLOAD_MB") == 3


async def test_the_event_loop_never_asks_the_database():
    current.replace(None)
    assert current.number("MAX_UPLOAD_MB") == 50  # a query here would raise SynchronousOnlyOperation
    await asyncio.sleep(0)


def test_while_the_database_is_away_the_last_values_count(monkeypatch):
    StoredSetting.objects.create(name="MAX_UPLOAD_MB", value=3, version=1)
    current.refresh()

    def fail(*args, **kwargs):
        raise DatabaseError("away")

    monkeypatch.setattr(StoredSetting.objects, "values_list", fail)
    with pytest.raises(DatabaseError):
        current.refresh()
    assert current.number("MAX_UPLOAD_MB") == 3
    current.replace(None)  # a process that begins without it
    assert current.number("MAX_UPLOAD_MB") == 50


@pytest.mark.parametrize("value", ["three", -1, [], {"encrypted": "x"}, True])
def test_a_wrong_value_in_a_row_is_reported_once_and_its_default_counts(value, caplog):
    StoredSetting.objects.create(name="MAX_UPLOAD_MB", value=value, version=1)
    StoredSetting.objects.create(name="FROM_A_LATER_VERSION", value=1, version=1)
    with caplog.at_level(logging.WARNING):
        current.refresh()
        current.refresh()
    assert current.number("MAX_UPLOAD_MB") == 50
    assert [record.getMessage() for record in caplog.records] == [
        "MAX_UPLOAD_MB has a value that cannot be used, so its default counts; set it again"
    ]
    changes.change(7, {"MAX_UPLOAD_MB": 4})  # and it can be set again


def test_a_secret_can_be_read_with_an_earlier_key_and_without_it_is_lost(settings):
    kept = secrets.encrypt("hunter22")
    assert "hunter22" not in str(kept)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert secrets.decrypt(kept) == "hunter22"
    settings.SECRET_KEY_FALLBACKS = []
    for lost in (kept, {"encrypted": "x"}, "hunter22", None):
        with pytest.raises(secrets.Unreadable):
            secrets.decrypt(lost)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_it_at_once_only_one_has_seen_what_it_was():
    start, outcomes = Barrier(2), []

    def change(value: int) -> None:
        try:
            start.wait(timeout=30)
            changes.change(value, {"MAX_UPLOAD_MB": value, "ROOM_DELETION_DAYS": value}, dict.fromkeys(SETTINGS, 0))
            outcomes.append(value)
        except ValidationError as error:
            outcomes.append(sorted(error.error_dict))
        finally:
            connection.close()

    threads = [Thread(target=change, args=(value,)) for value in (3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    [winner] = [each for each in outcomes if isinstance(each, int)]
    assert [each for each in outcomes if each != winner] == [["MAX_UPLOAD_MB", "ROOM_DELETION_DAYS"]]
    assert {row.value for row in StoredSetting.objects.all()} == {winner}
    assert [params["after"] for _act, params in acts()] == [str(winner)] * 2
