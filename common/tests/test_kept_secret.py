"""A secret is made once: whoever asks later, or at the same time, reads the same."""

from common.kept_secret import read_or_make


def test_it_is_made_once_and_is_for_this_account_alone(tmp_path):
    path = tmp_path / "data" / "secret"
    assert read_or_make(path, lambda: "the first") == "the first"
    assert read_or_make(path, lambda: "another") == "the first"
    assert path.read_text() == "the first" and path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_of_two_that_make_one_together_both_read_the_same(tmp_path):
    path = tmp_path / "secret"

    def make_late() -> str:
        assert read_or_make(path, lambda: "the other's") == "the other's"
        return "mine"

    assert read_or_make(path, make_late) == "the other's"
    assert list(tmp_path.iterdir()) == [path]
