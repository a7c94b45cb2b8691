"""Errors in the shapes and words of real servers, as their documentation and public reports show them."""

import pytest

from bot.llm.failures import MAX_DETAIL, parse_error, redact, to_model_error
from bot.llm.features import FEATURES

EVERYTHING = frozenset(FEATURES)
OLLAMA_TOOLS = {
    "error": {"message": "registry.ollama.ai/library/gemma3:4b does not support tools", "type": "api_error"}
}
VLLM_TOOLS = {
    "object": "error", "type": "BadRequestError", "code": 400,
    "message": '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
}  # fmt: skip
VLLM_LONG = {
    "object": "error", "type": "BadRequestError", "code": 400,
    "message": "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens (8000 in the "
    "messages, 1000 in the completion). Please reduce the length of the messages or completion; see max_tokens.",
}  # fmt: skip
LLAMA_LONG = {
    "error": {
        "code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 5000, "n_ctx": 2048,
        "message": "the request exceeds the available context size, try increasing it",
    }
}  # fmt: skip
OPENAI_FIELD = {
    "error": {
        "code": "unsupported_parameter", "param": "max_tokens", "type": "invalid_request_error",
        "message": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'.",
    }
}  # fmt: skip
OPENAI_VALUE = {
    "error": {
        "code": "unsupported_value", "param": "temperature", "type": "invalid_request_error",
        "message": "Unsupported value: 'temperature' does not support 0.2 with this model.",
    }
}  # fmt: skip
GEMINI_RATE = [{
    "error": {
        "code": 429, "status": "RESOURCE_EXHAUSTED",
        "message": "You exceeded your current quota. Please retry in 22.8s.",
    }
}]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "body", "feature"),
    [
        (400, OLLAMA_TOOLS, "tools"),
        (400, VLLM_TOOLS, "tools"),
        (500, {"error": {"code": 500, "message": "tools param requires --jinja flag"}}, "tools"),
        (404, {"error": {"code": 404, "message": "No endpoints found that support tool use."}}, "tools"),
        (400, OPENAI_FIELD, "max_tokens"),
        (400, OPENAI_VALUE, "temperature"),
        (422, {"detail": [{"loc": ["body", "stream_options"], "msg": "extra fields not permitted"}]}, "stream_options"),
        (500, {"error": {"message": "Value is not callable: System role not supported"}}, "system"),
        (400, {"error": {"param": "messages[0].role", "message": "'system' is not one of ['user', 'assistant']"}},
         "system"),
        (400, {"error": {"message": "Encrypted content is not supported with this model.", "param": "include"}},
         "include"),
        (400, {"error": {"param": "stream", "message": "Your organization must be verified to stream."}}, "stream"),
    ],
)  # fmt: skip
def test_a_refusal_names_what_is_left_out(status, body, feature):
    assert to_model_error(parse_error(body, status), "m", EVERYTHING).refused == feature
    without = to_model_error(parse_error(body, status), "m", EVERYTHING - {feature, "max_completion_tokens"})
    assert without.refused != feature


@pytest.mark.parametrize(
    ("status", "body", "reason", "tokens"),
    [
        (400, VLLM_LONG, "model_context_exceeded", 4096),
        (400, LLAMA_LONG, "model_context_exceeded", 2048),
        (None, LLAMA_LONG, "model_context_exceeded", 2048),
        (400, {"error": {"message": "prompt is too long: 210000 tokens > 200000 maximum"}},
         "model_context_exceeded", 200_000),
        (400, {"error": {"message": "The input token count (9000) exceeds the maximum number of tokens (8192)"}},
         "model_context_exceeded", 8192),
        (400, {"error": {"message": "litellm.ContextWindowExceededError: too long"}}, "model_context_exceeded", None),
        (400, {"error": {"code": "context_length_exceeded", "message": "…"}}, "model_context_exceeded", None),
        (429, GEMINI_RATE, "model_busy_for", None),
        (429, {"error": {"code": "insufficient_quota", "message": "You exceeded your current quota"}},
         "model_quota_exhausted", None),
        (402, {"error": {"message": "Insufficient Balance"}}, "model_quota_exhausted", None),
        (None, {"error": {"code": "insufficient_quota", "message": "…"}}, "model_quota_exhausted", None),
        (None, {"error": {"type": "rate_limit_error", "message": "slow"}}, "model_busy", None),
        (None, {"type": "error", "code": "rate_limit_exceeded", "message": "Please try again in 250ms."},
         "model_busy_for", None),
        (None, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
         "model_overloaded", None),
        (503, {"error": {"code": 503, "type": "unavailable_error", "message": "Loading model"}},
         "model_overloaded", None),
        (529, {"error": {"message": "…"}}, "model_overloaded", None),
        (400, {"error": {"message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT"}},
         "model_key_rejected", None),
        (401, "", "model_key_rejected", None),
        (400, {"error": {"message": "No connected db.", "type": "no_db_connection", "param": None, "code": "400"}},
         "model_key_rejected", None),
        (404, {"error": {"message": 'model "x" not found, try pulling it first'}}, "model_unknown", None),
        (400, {"error": {"code": "model_not_found", "message": "…"}}, "model_unknown", None),
        (400, {"error": {"message": "/chat/completions: Invalid model name passed in model=x.", "code": "400"}},
         "model_unknown", None),
        (404, "404 page not found", "model_not_server", None),
        (404, {"detail": "Not Found"}, "model_not_server", None),
        (400, {"error": {"code": "content_filter", "message": "…"}}, "model_filtered", None),
        (500, {"error": {"message": "boom"}}, "model_failed", None),
        (502, "<html>Bad Gateway</html>", "model_failed", None),
        (418, {"error": {"message": "teapot"}}, "model_rejected", None),
        (None, {"error": "boom"}, "model_broke_off", None),
    ],
)  # fmt: skip
def test_errors_are_told_apart(status, body, reason, tokens):
    error = to_model_error(parse_error(body, status), "m")
    assert (error.reason, error.context_tokens) == (reason, tokens)
    assert error.sentence


@pytest.mark.parametrize(
    ("status", "body", "down"),
    [
        (502, "<html>Bad Gateway</html>", True),
        (503, "", True),
        (500, {"error": {"message": "litellm.InternalServerError: OpenAIException - Connection error."}}, True),
        (500, {"error": {"message": "bad request of one person"}}, False),
        (None, {"error": {"message": "litellm.APIConnectionError: OpenAIException - Connection error."}}, True),
        (None, {"error": {"message": "Response payload is not completed: <TransferEncodingError: 400>"}}, True),
        (None, {"error": {"message": "boom"}}, False),
        (503, {"error": {"message": "Loading model"}}, False),
        (400, {"error": {"message": "no"}}, False),
    ],
)
def test_only_a_server_that_is_down_counts_as_down(status, body, down):
    assert to_model_error(parse_error(body, status), "m").is_outage is down


def test_the_words_are_kept_without_secrets_and_without_the_prompt():
    prompt = "alice said that the launch is on Friday at noon, tell nobody"
    words = (
        f"Bad key sk-abcdefghijklm and Bearer eyJhbGciOi or s3cret: in 'launch is on Friday at noon, tell' {'x ' * 500}"
    )
    kept = redact(words, ("s3cret",), prompt)
    assert len(kept) == MAX_DETAIL and kept.startswith("Bad key … and … or …: in '…'")


def test_a_key_of_a_letter_does_not_blot_out_the_words():
    assert redact("max tokens exceeded", ("x",)) == "max tokens exceeded"


def test_values_that_a_validator_repeats_are_not_kept():
    body = {"detail": [{"loc": ["body", "messages"], "msg": "too many", "input": "what people wrote"}]}
    assert "people" not in to_model_error(parse_error(body, 422), "m").detail
