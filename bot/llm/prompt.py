"""What is asked of a model, and how both dialects say it. Pure."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from .endpoint import ModelApi, ModelEndpoint


@dataclass(slots=True)
class Picture:
    """data: a JPEG or a PNG. label: which one it is, for the model. tokens: what it counts for, an estimate."""

    data: bytes
    label: str = ""
    tokens: int = 0


@dataclass(slots=True)
class Prompt:
    """One question.

    turns: {"role": "user" | "assistant", "text"}; {"said": messages or items as a server sent them, unchanged}; and
    {"result": ToolCall, "output"}.
    pictures: shown with the user's last turn, behind its text; also those that come later, since not every server takes
    any in the results of tools, or a user's turn behind them.
    tools: {"name", "description", "parameters"}. may_call: False in the last round, where they are only described, so
    that what the server has cached of the rounds before still fits.
    cache_key: the same for prompts that begin alike.
    """

    system: str
    turns: list[dict]
    tools: list[dict] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    may_call: bool = True
    cache_key: str = ""

    def text(self) -> str:
        """All that people and bots have written in it."""
        return "\n".join([self.system, *(turn.get("text") or turn.get("output") or "" for turn in self.turns)])


@dataclass(slots=True)
class Body:
    """A request's JSON. features: those of features.FEATURES that are in it."""

    json: dict[str, Any]
    features: frozenset[str]


def build_body(endpoint: ModelEndpoint, prompt: Prompt) -> Body:
    """The request in the endpoint's dialect, without what its server is known to refuse."""
    builder = _Builder(endpoint, prompt)
    return builder.chat() if endpoint.api == ModelApi.CHAT else builder.responses()


class _Builder:
    def __init__(self, endpoint: ModelEndpoint, prompt: Prompt):
        self._endpoint, self._prompt = endpoint, prompt
        self._features: set[str] = set()
        self._json: dict[str, Any] = {"model": endpoint.model}

    def chat(self) -> Body:
        self._json["messages"] = self._chat_messages()
        self._set("stream", True)
        if "stream" in self._json:
            self._set("stream_options", {"include_usage": True})
        self._set_common([{"type": "function", "function": tool} for tool in self._prompt.tools])
        # Compatible servers know the older name; OpenAI's newer models only the newer one.
        names = ["max_tokens", "max_completion_tokens"]
        self._set_longest(names if self._endpoint.base_url else names[::-1])
        return self._body()

    def responses(self) -> Body:
        turns = self._prompt.turns
        if self._takes("system"):
            self._features.add("system")
            self._json["instructions"] = self._prompt.system
        else:
            turns = _with_system(self._prompt)
        self._json["input"] = [item for turn in self._with_pictures(turns) for item in self._response_items(turn)]
        self._set("stream", True)
        self._set("store", False)  # what people write here is kept here
        if self._takes("store"):
            self._set("include", ["reasoning.encrypted_content"])  # so that thoughts can go back with the next round
        if not self._endpoint.base_url and self._takes("reasoning_summary"):  # OpenAI's own, as below
            self._features.add("reasoning_summary")
            self._json["reasoning"] = {"summary": "auto"}
        self._set_common([{"type": "function", "strict": False, **tool} for tool in self._prompt.tools])
        self._set_longest(["max_output_tokens"])
        return self._body()

    def _body(self) -> Body:
        return Body(self._json, frozenset(self._features))

    def _takes(self, feature: str) -> bool:
        return feature not in self._endpoint.refused

    def _set(self, feature: str, value: Any) -> None:
        if self._takes(feature):
            self._features.add(feature)
            self._json[feature] = value

    def _set_common(self, tools: list[dict]) -> None:
        if tools and (self._prompt.may_call or self._takes("tool_choice")):
            self._set("tools", tools)
            if "tools" in self._json and not self._prompt.may_call:
                self._set("tool_choice", "none")
        if self._endpoint.temperature is not None:
            self._set("temperature", self._endpoint.temperature)
        if self._prompt.cache_key and not self._endpoint.base_url:  # OpenAI's own; others refuse what they do not know
            self._set("prompt_cache_key", self._prompt.cache_key)

    def _set_longest(self, names: list[str]) -> None:
        if self._endpoint.max_tokens and (name := next(filter(self._takes, names), None)):
            self._set(name, self._endpoint.max_tokens)

    def _chat_messages(self) -> list[dict]:
        turns = self._prompt.turns
        messages: list[dict] = []
        if self._takes("system"):
            self._features.add("system")
            messages.append({"role": "system", "content": self._prompt.system})
        else:
            turns = _with_system(self._prompt)
        for turn in self._with_pictures(turns):
            messages += self._chat_turn(turn)
        return messages

    def _chat_turn(self, turn: dict) -> list[dict]:
        if said := turn.get("said"):
            return self._without_thoughts(said)
        if call := turn.get("result"):
            return [{"role": "tool", "tool_call_id": call.id, "content": turn["output"]}]
        return [{"role": turn["role"], "content": self._content(turn, "text", "image_url")}]

    def _response_items(self, turn: dict) -> list[dict]:
        if said := turn.get("said"):
            return self._without_thoughts(said)
        if call := turn.get("result"):
            return [{"type": "function_call_output", "call_id": call.id, "output": turn["output"]}]
        # OpenAI does not need the type; llama.cpp refuses the whole request where it is missing.
        return [{"type": "message", "role": turn["role"], "content": self._content(turn, "input_text", "input_image")}]

    def _with_pictures(self, turns: list[dict]) -> list[dict]:
        if not self._prompt.pictures or not self._takes("images"):
            return turns
        self._features.add("images")
        last = max(at for at, turn in enumerate(turns) if turn.get("role") == "user")
        return [*turns[:last], {**turns[last], "pictures": self._prompt.pictures}, *turns[last + 1 :]]

    @staticmethod
    def _content(turn: dict, text: str, image: str) -> str | list[dict]:
        """A turn's text and pictures. text, image: the dialect's names for such parts."""
        if "pictures" not in turn:
            return turn["text"]
        parts: list[dict] = [{"type": text, "text": turn["text"]}]
        for picture in turn["pictures"]:
            kind = "png" if picture.data.startswith(b"\x89PNG") else "jpeg"
            address = f"data:image/{kind};base64,{b64encode(picture.data).decode()}"
            parts += [{"type": text, "text": picture.label}] if picture.label else []
            parts.append({"type": image, "image_url": {"url": address} if image == "image_url" else address})
        return parts

    def _without_thoughts(self, said: list[dict]) -> list[dict]:
        """The messages as they came, unless the server does not want its thoughts back."""
        kept = [item for item in said if item.get("type") != "reasoning"]
        bare = [{name: value for name, value in item.items() if not _is_thought(name)} for item in kept]
        if bare == said:
            return said
        if not self._takes("reasoning"):
            return bare
        self._features.add("reasoning")
        return said


def _is_thought(name: str) -> bool:
    return name.startswith(("reasoning", "thinking"))


def _with_system(prompt: Prompt) -> list[dict]:
    """The turns, with the system text at the head of the first: for models that know no such role."""
    first, *rest = prompt.turns
    return [{**first, "text": f"{prompt.system}\n\n{first['text']}"}, *rest]
