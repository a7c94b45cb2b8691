"""What devices are sent: as it is declared, documented and was sent before, since old service workers read it."""

import json
import re
from pathlib import Path

import msgspec
import pytest
from django.conf import settings

from notifications.push import payloads
from notifications.push.wire import AnyPush, Close, Show, Words

BASE = Path(settings.BASE_DIR)
# Version 1, which the tests of the service worker read, too (static/js/tests/worker_rules.test.js).
RECORDED = json.loads((BASE / "static/js/tests/pushes.json").read_text())
BY_TYPE = {"show": Show, "close": Close}


@pytest.mark.parametrize("recorded", RECORDED, ids=[f"{each['type']} {each.get('kind', '')}" for each in RECORDED])
def test_what_was_recorded_is_declared_with_each_field(recorded):
    push = msgspec.convert(recorded, AnyPush)
    assert json.loads(push.encode()) == recorded
    assert set(recorded) <= {"type", *type(push).__struct_fields__}


def test_the_recorded_ones_have_all_that_is_declared():
    """A new field comes into the list, too: the service worker's tests then see it."""
    for type, declared in BY_TYPE.items():
        recorded = {name for each in RECORDED if each["type"] == type for name in each}
        assert recorded == {"type", *declared.__struct_fields__}


def test_a_test_and_a_close_are_sent_as_they_were():
    assert json.loads(payloads.test_message("en")) == RECORDED[1]
    assert json.loads(payloads.close(["room:tea"], 6)) == RECORDED[2]


def test_the_protocol_names_each_field():
    text = (BASE / "docs/protocol.md").read_text().split("**Push.**")[1].split("**Inviting.**")[0]
    blocks = re.findall(r'^    \{"v".*?\}$', text, re.MULTILINE | re.DOTALL)
    documented = [set(re.findall(r'"(\w+)"(?=[:,}])', block)) - BY_TYPE.keys() for block in blocks]
    words = set(Words.__struct_fields__)
    assert documented == [{"type", *Show.__struct_fields__} | words, {"type", *Close.__struct_fields__}]


def test_a_push_that_is_too_large_is_not_sent():
    with pytest.raises(ValueError, match="a push of"):
        Close(tags=["x" * 3000], badge=0).encode()
