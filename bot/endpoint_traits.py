"""What was found out about models at their servers, remembered for a day: what they refuse, how much they can read, and
how fast."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from .llm.endpoint import ModelEndpoint
from .llm.features import FEATURES
from .models import EndpointTrait

KEPT = timedelta(days=1)  # then it is found out anew: servers get better
CACHE_TTL = 30.0  # seconds that another process may take to hear of it

_Traits = dict[str, int | None]  # name → value
_cache: dict[tuple, tuple[float, _Traits]] = {}


def with_traits(endpoint: ModelEndpoint) -> ModelEndpoint:
    """The endpoint with what is known of it; a query now and then."""
    key = _key(endpoint)
    until, traits = _cache.get(key, (0.0, {}))
    if until < time.monotonic():
        rows = EndpointTrait.objects.filter(**_which(endpoint), learned__gt=timezone.now() - KEPT)
        traits = dict(rows.values_list("name", "value"))
        _cache[key] = time.monotonic() + CACHE_TTL, traits
    if not traits:
        return endpoint
    refused = frozenset(traits) & frozenset(FEATURES)
    return replace(endpoint, refused=refused, context_tokens=traits.get(EndpointTrait.CONTEXT_TOKENS))


def remember_refused(endpoint: ModelEndpoint, feature: str, reason: str) -> None:
    """Its server refuses this feature (llm/features.py). reason: its own words, at most 300 characters."""
    _remember(endpoint, feature, None, reason)


def remember_context_tokens(endpoint: ModelEndpoint, tokens: int, reason: str) -> None:
    """It reads so many tokens at most, its answer among them."""
    _remember(endpoint, EndpointTrait.CONTEXT_TOKENS, tokens, reason)


def remember_reading_speed(endpoint: ModelEndpoint, tokens_per_second: int) -> None:
    """It reads a long prompt that it has not read before this fast."""
    _remember(endpoint, EndpointTrait.READING_SPEED, tokens_per_second, "")


def forget(endpoint: ModelEndpoint) -> None:
    EndpointTrait.objects.filter(**_which(endpoint)).delete()
    clear_cache()


def clear_cache() -> None:
    _cache.clear()


def _remember(endpoint: ModelEndpoint, name: str, value: int | None, reason: str) -> None:
    learned = {"value": value, "reason": reason[:300], "learned": timezone.now()}
    EndpointTrait.objects.update_or_create(**_which(endpoint), name=name, defaults=learned)
    _cache.pop(_key(endpoint), None)


def _which(endpoint: ModelEndpoint) -> dict[str, Any]:
    return {"base_url": endpoint.base_url, "api": endpoint.api, "model": endpoint.model}


def _key(endpoint: ModelEndpoint) -> tuple[str, str, str]:
    return endpoint.base_url, endpoint.api, endpoint.model
