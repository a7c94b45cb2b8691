import pytest

from common.sql import placeholders


@pytest.mark.parametrize(
    "values, expected", [([], ""), ({7}, "%s"), ((1, 2, 3), "%s, %s, %s"), ({"a": 1, "b": 2}, "%s, %s")]
)
def test_there_is_one_for_each_value(values, expected):
    assert placeholders(values) == expected
