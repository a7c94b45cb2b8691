"""Blocked words and links: nobody writes them, and whoever tries is told which word it is."""

import pytest

from audit.models import Entry
from rooms.models import BlockList, Message, MessageKind
from rooms.services import block_list_changes, block_lists, membership, messages, moderation, renaming
from rooms.services.posting import Post, post_many
from rooms.text.blocked_words import Matcher, host_of

from .refusals import refused_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_lists_kept():
    """As in a process that has just begun."""
    block_lists._kept.clear()


@pytest.fixture
def block(alice, lobby):
    """block(words, links): in the lobby, which is alice's."""

    def set_list(words=(), links=()):
        return block_list_changes.set_list(alice, "lobby", words, links)

    return set_list


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("badger", "A Badger!"),
        ("badger", "(BADGER)"),
        ("bádger", "badger"),
        ("badger", "bädger"),
        ("Straße", "strasse 5"),
        ("two words", "Two\n  WORDS"),
        ("two words", "two, words"),
        ("服务器", "Redis服务器很好"),
        ("🦡", "a 🦡 here"),
    ],
)
def test_words_are_found_as_people_read_them(entry, text):
    assert Matcher([entry], []).find(text) == entry


@pytest.mark.parametrize("text", ["badgers", "a badgery thing", "bad ger", "", " ", "honeybadger"])
def test_other_words_are_not(text):
    assert Matcher(["badger"], []).find(text) is None


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("see https://example.org/x", ""),
        ("EXAMPLE.org", ""),
        ("www.a.example.org.", ""),
        ("[here](https://user@shop.example.org:8000/)", ""),
        ("x", '<a href="https://ex%61mple.org/">x</a>'),
        ("x", '<a href="https://example.org/?a=1&amp;b=2">x</a>'),
    ],
)
def test_links_are_found_with_all_hosts_below(text, html):
    assert Matcher([], ["example.org"]).find(text, html) == "example.org"


@pytest.mark.parametrize("text", ["example.org.evil.test", "anexample.org", "example", "org", "a..b", "..", "x" * 9000])
def test_other_links_are_not(text):
    assert Matcher([], ["example.org"]).find(text) is None


def test_hosts_are_entered_in_any_form():
    assert host_of(" https://Example.org:80/path?x ") == "example.org"
    assert host_of("BÜCHER.example") == "xn--bcher-kva.example"
    assert Matcher([], ["xn--bcher-kva.example"]).find("see bücher.example/x") == "xn--bcher-kva.example"
    assert [host_of(each) for each in ("example", "", "exa mple.org", "/x", "-.org", "a" * 300 + ".org")] == [None] * 6


def test_the_refusal_names_the_word_and_nothing_is_posted(alice, bob, lobby, block):
    membership.add_member(lobby, bob)
    block(["badger"], ["example.org"])
    for writer in (bob, alice):
        assert refused_with(messages.post, writer, "lobby", "a Badger") == "blocked_in_room"
        assert refused_with(messages.post, writer, "lobby", "https://a.example.org") == "blocked_in_room"
    with pytest.raises(Exception, match="“badger” cannot be written in this room"):
        messages.post(bob, "lobby", "badger")
    assert not Message.objects.exclude(kind=MessageKind.NOTICE).exists()
    assert messages.post(bob, "lobby", "a fox").created


def test_other_posts_of_the_same_transaction_are_written(alice, lobby, block):
    block(["badger"])
    outcomes = post_many([Post(alice, lobby.id, text) for text in ("one", "badger", "two")])
    assert [getattr(each, "reason", "written") for each in outcomes] == ["written", "blocked_in_room", "written"]


def test_a_list_of_another_process_counts_at_once(alice, lobby, block):
    """As if it had been changed elsewhere: this process has kept the one before."""
    block(["badger"])
    assert refused_with(messages.post, alice, "lobby", "badger") == "blocked_in_room"
    kept = dict(block_lists._kept)
    block(["fox"])
    block_lists._kept.update(kept)
    assert refused_with(messages.post, alice, "lobby", "a fox") == "blocked_in_room"
    assert messages.post(alice, "lobby", "badger").created


def test_a_room_without_a_list_costs_no_query_more(alice, lobby, django_assert_num_queries, block):
    messages.post(alice, "lobby", "first")
    with django_assert_num_queries(0):
        block_lists.compare([(lobby.id, "badger", "")])
    block(["badger"])
    messages.post(alice, "lobby", "reads the list")
    with django_assert_num_queries(0):
        assert block_lists.compare([(lobby.id, "badger", "")]).found[0].reason == "blocked_in_room"


def test_the_list_of_the_server_counts_everywhere(alice, bob, lobby, make_user):
    staff = make_user("sam", is_staff=True)
    block_list_changes.set_list_of_server(staff, ["badger"], [])
    assert refused_with(messages.post, alice, "lobby", "badger") == "blocked_on_server"
    assert refused_with(membership.create_room, alice, "Badger", "private") == "blocked_on_server"
    assert refused_with(block_list_changes.set_list_of_server, alice, [], []) == "not_staff"
    assert Entry.objects.filter(act="server.block_list_changed").count() == 1
    block_list_changes.set_list_of_server(staff, ["badger"], [])
    assert Entry.objects.filter(act="server.block_list_changed").count() == 1
    assert BlockList.objects.get(server=True).version == 1


def test_it_counts_for_all_that_is_written(alice, lobby, block):
    said = messages.post(alice, "lobby", "a fox")
    block(["badger"])
    assert refused_with(messages.edit, alice, "lobby", said.message_id, "a badger") == "blocked_in_room"
    assert refused_with(messages.set_topic_and_description, alice, "lobby", "Badger") == "blocked_in_room"
    assert refused_with(messages.set_topic_and_description, alice, "lobby", None, "badger") == "blocked_in_room"
    assert refused_with(renaming.rename, alice, "lobby", "Badger") == "blocked_in_room"
    assert Message.objects.get(pk=said.message_id).text == "a fox"


def test_what_is_entered_is_kept_once_and_within_limits(alice, lobby, block):
    found = block([" Badger ", "badger", "", "two  words"], ["https://Example.org/x", "example.org", ""])
    assert (found.phrases, found.hosts) == (["badger", "two words"], ["example.org"])
    for words, links in ((["x" * 61], []), (["..."], []), ([f"w{n}" for n in range(201)], []), (["x" * 301], [])):
        assert refused_with(block, words, links) == "bad_block_list"
    assert refused_with(block, [], ["nothing"]) == "no_block_host"
    assert BlockList.objects.get(room=lobby).version == 1


def test_only_moderators_see_and_change_it(alice, bob, lobby, block):
    membership.add_member(lobby, bob)
    block(["badger"])
    assert refused_with(block_list_changes.list_of, bob, "lobby") == "cannot_block_words"
    moderation.appoint(alice, "lobby", bob.id, "moderator")
    assert block_list_changes.set_list(bob, "lobby", [], []).phrases == []
