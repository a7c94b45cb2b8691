"""The issuers by which people sign in: SSO_PROVIDERS, a list of objects in JSON. What does not fit raises
ImproperlyConfigured with one sentence, which never holds a secret."""

import json

from django.core.exceptions import ImproperlyConfigured

from accounts.issuers.issuer import BadIssuer, Issuer, make_issuer


def read(text: str) -> tuple[Issuer, ...]:
    try:
        found = json.loads(text or "[]")
    except ValueError:
        raise ImproperlyConfigured("SSO_PROVIDERS is no JSON; docs/operations.md has examples.") from None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ImproperlyConfigured("SSO_PROVIDERS must be a list of objects in JSON; docs/operations.md has examples.")
    issuers = []
    for number, each in enumerate(found, 1):
        try:
            issuers.append(make_issuer(each, private=True))
        except BadIssuer as error:
            raise ImproperlyConfigured(f"SSO_PROVIDERS, entry {number}, {error.field}: {error}") from None
    for name in ("key", "issuer"):
        values = [getattr(each, name) for each in issuers]
        if len(set(values)) < len(values):
            raise ImproperlyConfigured(f"SSO_PROVIDERS has two entries with the same {name}.")
    return tuple(issuers)
