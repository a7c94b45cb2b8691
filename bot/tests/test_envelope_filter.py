"""An answer in the form of the messages that were read is undone, and nothing else is touched."""

import pytest

from bot.answering.envelope_filter import EnvelopeFilter

CASES = [
    ('[918,"14:02","bot (you)","It is on [#12] Friday."]', "It is on [#12] Friday."),
    ('[918,"14:02","Bot","One."]\n[919,"14:03","alice","Thanks!"]\n', "One."),
    ('[918,"14:02","bot","One."]\n[919,"14:03","bot","Two."]', "One.\n\nTwo."),
    ('\n [918, "14:02", "bot", "A \\"quote\\"\\nand a line.", 12]', 'A "quote"\nand a line.'),
    ("[#12] says so.", "[#12] says so."),
    ("[1] is a footnote.", "[1] is a footnote."),
    ("[1, 2, 3] is a list.", "[1, 2, 3] is a list."),
    ('[918,"14:02","bot","never ended', '[918,"14:02","bot","never ended'),
    ("Plain.", "Plain."),
    ("", ""),
]


@pytest.mark.parametrize(("written", "text"), CASES)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_an_imitated_message_is_undone(written, text, size):
    tested = EnvelopeFilter("bot")
    pieces = [written[at : at + size] for at in range(0, len(written), size)]
    assert "".join([*map(tested.feed, pieces), tested.flush()]) == text


def test_an_ordinary_answer_comes_at_once():
    tested = EnvelopeFilter("bot")
    assert [tested.feed(piece) for piece in ("It is", " [918, 2]", " so")] == ["It is", " [918, 2]", " so"]
