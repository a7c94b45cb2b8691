"""Calls of services that are refused."""

import pytest

from rooms.kernel.errors import ChatError


def refused(code, function, *args, **kwargs) -> str:
    """Call a function, which has to raise a ChatError with this code; returns its sentence."""
    with pytest.raises(ChatError) as caught:
        function(*args, **kwargs)
    assert caught.value.code == code
    return caught.value.message


def refused_with(function, *args, **kwargs) -> str:
    """The same with whatever code; returns its reason."""
    with pytest.raises(ChatError) as caught:
        function(*args, **kwargs)
    return caught.value.reason
