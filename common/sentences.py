"""Sentences stored as a name and parameters, and put into words in the reader's language when they are shown."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise


class _Names(dict[str, int]):
    """A mapping that remembers what a sentence asks it for."""

    def __missing__(self, name: str) -> int:
        return self.setdefault(name, 0)


@dataclass(frozen=True)
class Sentence:
    """sentence: lazily translated, with %(name)s for each of `params`."""

    sentence: Promise

    @cached_property
    def params(self) -> frozenset[str]:
        """Read on first use: nothing can be translated before the apps are loaded."""
        names = _Names()
        self.sentence % names  # noqa: B018 (for the names that it asks for)
        return frozenset(names)

    def check(self, name: str, params: dict[str, Any]) -> None:
        """Raises TypeError unless these are its parameters, all and no more. name: the name of the sentence."""
        if params.keys() != self.params:
            raise TypeError(f"{name} has the parameters {sorted(self.params)}, not {sorted(params)}")

    def template(self) -> str | list[str]:
        """The sentence in the active language, with {name} for each of `params`."""
        return self.text({name: f"{{{name}}}" for name in self.params})

    def text(self, params: dict[str, Any]) -> str:
        """The sentence in the active language."""
        return str(self.sentence % params) if params else str(self.sentence)


class _CountPlaceholder(int):
    """A number that chooses the form of a sentence, and prints as {count}."""

    def __str__(self) -> str:
        return "{count}"


class CountedSentence(Sentence):
    """A sentence whose form depends on its parameter `count`: made with ngettext_lazy."""

    def template(self) -> list[str]:
        """The forms for one and for many, each with {name} for each of `params`."""
        names = {name: f"{{{name}}}" for name in self.params}
        return [self.text(names | {"count": _CountPlaceholder(count)}) for count in (1, 2)]
