"""checkbot, asking real servers."""

import io

import pytest
from django.core.management import CommandError, call_command

from bot.models import EndpointTrait

pytestmark = pytest.mark.django_db(transaction=True)


def check_bot() -> dict[str, str]:
    """What checkbot says of each of its steps."""
    out = io.StringIO()
    call_command("checkbot", stdout=out, no_color=True)
    said = out.getvalue().splitlines()
    return {
        step: line
        for line in said
        for step in ("plain", "stream", "tools", "full window", "image")
        if line.startswith(step)
    }


def _refused():
    return EndpointTrait.objects.exclude(name=EndpointTrait.READING_SPEED)


def test_checkbot_says_what_a_server_does_not_take_and_remembers_it(small, use, settings):
    use(small)
    settings.BOT_CONTEXT_TOKENS = 6000
    said = check_bot()
    assert all("passed" in said[step] for step in ("plain", "stream")), said
    assert "failed" in said["tools"] and "does not take tools" in said["tools"]
    assert "failed" in said["full window"] and "context size" in said["full window"]
    known = dict(_refused().values_list("name", "value"))
    assert known == {"images": None, "tools": None, "context_tokens": small.context}


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_checkbot_finds_nothing_that_a_server_refuses(llama, use, settings, api):
    use(llama)
    settings.OPENAI_API, settings.BOT_CONTEXT_TOKENS = api, 300
    said = check_bot()
    assert len(said) == 5 and all("passed" in said[step] for step in ("plain", "stream")), said
    assert list(_refused().values_list("name", flat=True)) == ["images"]  # this model sees nothing


def test_checkbot_says_which_setting_is_wrong(llama, use, settings):
    use(llama)
    settings.OPENAI_API_KEY = "sk-another"
    with pytest.raises(CommandError, match="rejected the API key.*Invalid API Key"):
        check_bot()
