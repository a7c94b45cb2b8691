"""Many uploads at once share a rate, so that others are not kept waiting; one or two go as fast as they can."""

from rooms.api.upload_pace import Pace


def test_many_share_a_rate_and_few_do_not_wait():
    now = 0.0
    pace = Pace(rate=100, clock=lambda: now)
    assert [pace.delay(50, uploads) for uploads in (1, 2)] == [0, 0]
    assert [pace.delay(50, 20) for _piece in range(3)] == [0.5, 1.0, 1.5]  # one after the other
    now = 10.0
    assert pace.delay(50, 20) == 0.5  # what was not used is not saved up
