"""Parts of a request that not every server takes, and how its refusal of one is recognised. Pure."""

import re

# In this order: the first one that an error names and the request had is what is left out of the next request.
# Patterns are for the words of servers that name no parameter.
_WORDS = {
    "images": r"(?<![a-z])images?(?![a-z])|multi.?modal|mmproj|vision",
    "stream_options": r"stream_options|include_usage",
    "tool_choice": r"tool_choice(?!.{0,40}enable-auto)",
    "tools": r"\btools?\b|function.?call|tool.?call|enable-auto-tool-choice",
    "max_completion_tokens": r"max_completion_tokens",
    "max_output_tokens": r"max_output_tokens",
    "max_tokens": r"max_tokens",
    "temperature": r"temperature",
    "include": r"\binclude\b|encrypted.?(?:content|reasoning)",
    "store": r"\bstore\b",
    "prompt_cache_key": r"prompt_cache_key",
    "reasoning_summary": r"reasoning.{0,3}summar",
    "reasoning": r"reasoning_content|reasoning_details|thinking_blocks|\breasoning items?\b",
    "system": r"system.?(?:role|message|prompt|instruction)|role.{0,20}(?:system|developer)|\binstructions\b"
    r"|developer (?:role|message)",
    "stream": r"\bstream(?:ing)?\b.{0,60}(?:not supported|unsupported|not available|verified)",
}
_PATTERNS = {feature: re.compile(pattern, re.IGNORECASE | re.DOTALL) for feature, pattern in _WORDS.items()}
FEATURES = tuple(_WORDS)


def find_refused(param: str, words: str, sent: frozenset[str]) -> str | None:
    """Which of the features that were sent an error means; None when it is about something else.

    param: the parameter that the error names, e.g. "stream_options" or "messages[0].role". words: its message.
    """
    if param.startswith("reasoning.summary") and "reasoning_summary" in sent:
        return "reasoning_summary"
    named = re.split(r"[.\[]", param)[0]
    if named in sent:
        return named
    if named in ("messages", "input") and "role" in param and "system" in sent:
        return "system"
    return next((name for name, pattern in _PATTERNS.items() if name in sent and pattern.search(words)), None)
