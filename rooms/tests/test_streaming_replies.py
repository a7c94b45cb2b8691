"""The text of a reply that is being written is whole, and each position is told once, whatever gets lost."""

from hypothesis import given
from hypothesis import strategies as st

from rooms.realtime.streaming_replies import RenderedPart, StreamingReplies, StreamingReply

text = st.text("abé🎉", max_size=30)


def pieces_of(whole: str, cuts: list[int]) -> list[tuple[int, str]]:
    bounds = sorted({0, len(whole), *(cut % (len(whole) + 1) for cut in cuts)})
    return [(start, whole[start:end]) for start, end in zip(bounds, bounds[1:], strict=False)]


class Reader:
    """What somebody shows who was told the text once and then what is new."""

    def __init__(self, reply: StreamingReply):
        self.reply = reply
        self.text = reply.text

    def tell(self, new: tuple[int, str] | None) -> None:
        if new:
            at, piece = new
            assert at == len(self.text), "a hole, or something told twice"
            assert piece
            self.text += piece
        assert self.text == self.reply.text


@given(text, st.lists(st.integers(0, 40), max_size=8), st.integers(0, 40), st.randoms(use_true_random=False))
def test_any_order_and_any_loss_with_a_later_reading_gives_the_whole(whole, cuts, begun, random):
    begun %= len(whole) + 1
    reader = Reader(reply := StreamingReply(whole[:begun]))
    deltas = [delta for delta in pieces_of(whole, cuts) for _ in range(random.choice((0, 1, 1, 2)))]
    random.shuffle(deltas)
    for at, piece in deltas:
        reader.tell(reply.add(at, piece))
        if random.random() < 0.3:  # a reading of what was saved so far
            reader.tell(reply.catch_up(whole[: random.randint(0, len(whole))]))
        assert whole.startswith(reply.text)
    reader.tell(reply.catch_up(whole))
    assert reply.text == whole
    assert not reply.has_gap


@given(text, st.lists(st.integers(0, 40), max_size=8), st.randoms(use_true_random=False))
def test_without_loss_no_reading_is_needed(whole, cuts, random):
    reader = Reader(reply := StreamingReply())
    deltas = pieces_of(whole, cuts)
    random.shuffle(deltas)
    for at, piece in deltas:
        reader.tell(reply.add(at, piece))
    assert reply.text == whole
    assert not reply.has_gap


def test_a_hole_is_a_hole_until_it_is_closed():
    reply = StreamingReply("ab")
    assert reply.add(3, "d") is None
    assert reply.has_gap
    assert reply.add(2, "c") == (2, "cd")
    assert not reply.has_gap


def test_a_saved_text_that_began_anew_is_not_mixed_in():
    reply = StreamingReply("first try")
    assert reply.catch_up("second try, longer") is None
    assert reply.text == "first try"


def test_a_piece_of_a_reply_that_is_over_is_for_nobody():
    """Who stops a reply does so in another process than writes it; pieces may still be on the way."""
    replies = StreamingReplies()
    replies.follow(1, True, "ab")
    assert replies.add(1, 2, "c") == (2, "c")
    replies.follow(1, False, "abc")
    assert replies.add(1, 3, "d") is None
    assert replies.add(2, 0, "never heard of") is None
    assert replies.snapshot() == {}
    assert not replies.has_gap(1)


def test_a_reply_that_begins_again_has_the_text_that_its_message_says():
    replies = StreamingReplies()
    replies.follow(1, True, "a first answer")
    replies.follow(1, True, "")
    assert replies.add(1, 0, "A") == (0, "A")
    assert replies.snapshot() == {1: ("A", ())}
    assert replies.catch_up(2, "unknown") is None


class TestRendered:
    @staticmethod
    def parts(replies: StreamingReplies) -> list[tuple[int, int]]:
        return [(part.start, part.end) for part in replies.snapshot()[1].rendered]

    def test_what_overlaps_gives_way(self):
        replies = StreamingReplies()
        replies.follow(1, True, "abcdefgh")
        for start, end in ((0, 2), (2, 4), (4, 6), (1, 4), (6, 8)):
            replies.add_rendered(1, RenderedPart(start, end, "{}"))
        assert self.parts(replies) == [(4, 6), (1, 4), (6, 8)]
        replies.add_rendered(2, RenderedPart(0, 2, "{}"))  # never heard of

    def test_it_stays_where_the_text_stays(self):
        replies = StreamingReplies()
        replies.follow(1, True, "abcdef")
        replies.add_rendered(1, RenderedPart(0, 2, "{}"))
        replies.add_rendered(1, RenderedPart(2, 4, "{}"))
        replies.follow(1, True, "abcdef and more")
        assert self.parts(replies) == [(0, 2), (2, 4)]
        replies.follow(1, True, "abcX")
        assert self.parts(replies) == [(0, 2)]
        replies.follow(1, True, "")
        assert self.parts(replies) == []
