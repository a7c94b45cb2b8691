"""The model that staff connect on the page of the server's settings."""

import pytest
from django.core.exceptions import ValidationError

from audit.models import Entry
from bot.models import Bot
from site_settings import changes, current
from site_settings.models import StoredSetting

pytestmark = pytest.mark.django_db
URL, KEY = "http://models.example.org/v1", "sk-of-this-server"


@pytest.fixture
def none_given(settings):
    settings.OPENAI_BASE_URL = settings.OPENAI_API_KEY = ""


@pytest.fixture
def bot(none_given) -> Bot:
    return Bot(from_environment=True)


def set_here(commits, **values):
    with commits(execute=True):
        changes.change(None, values)


def test_the_bot_asks_the_model_that_is_connected_at_once(bot, django_capture_on_commit_callbacks):
    assert not bot.endpoint.configured
    set_here(django_capture_on_commit_callbacks, OPENAI_BASE_URL=URL, OPENAI_API_KEY=KEY, OPENAI_API="chat")
    found = bot.endpoint
    assert found.configured and (found.base_url, found.key, found.api) == (URL, KEY, "chat")
    kept = StoredSetting.objects.get(name="OPENAI_API_KEY").value
    assert KEY not in str(kept) and KEY not in str(list(Entry.objects.values_list("params", flat=True)))


def test_a_key_does_not_go_to_another_server(bot, django_capture_on_commit_callbacks):
    set_here(django_capture_on_commit_callbacks, OPENAI_BASE_URL=URL, OPENAI_API_KEY=KEY)
    for other in ("https://elsewhere.example.org/v1", None):
        with pytest.raises(ValidationError) as refused:
            changes.change(None, {"OPENAI_BASE_URL": other})
        assert refused.value.error_dict["OPENAI_API_KEY"][0].code == "secret_needed"
    StoredSetting.objects.filter(name="OPENAI_BASE_URL").update(value="nonsense")
    current.refresh()  # and not to OpenAI, the default
    assert bot.endpoint.key == "" and "OPENAI_API_KEY" in current.snapshot().unusable


def test_the_environment_decides_address_and_key_together(settings, bot, django_capture_on_commit_callbacks):
    set_here(django_capture_on_commit_callbacks, OPENAI_BASE_URL=URL)
    settings.OPENAI_API_KEY, settings.SET_IN_ENVIRONMENT = "sk-given", frozenset({"OPENAI_API_KEY"})
    assert (bot.endpoint.base_url, bot.endpoint.key) == ("", "sk-given")
    with pytest.raises(ValidationError) as refused:
        changes.change(None, {"OPENAI_BASE_URL": URL})
    assert refused.value.error_dict["OPENAI_BASE_URL"][0].code == "by_environment"


@pytest.mark.parametrize(
    "address", ["models", "ftp://models.example.org", "http://u:p@models.example.org", "http://a b"]
)
def test_an_address_that_cannot_be_one_is_refused(none_given, address):
    with pytest.raises(ValidationError):
        changes.change(None, {"OPENAI_BASE_URL": address})
