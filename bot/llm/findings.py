"""What the checks of a model find, as data: a reason for each fault, said in the language of whoever reads it.

Web processes show it, and do not load the model's client for that.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ..reasons import FAILURES

STEPS = {
    "plain": _("Whole answer"),
    "stream": _("Streamed answer"),
    "tools": _("Tools"),
    "full window": _("Full window"),
    "image": _("Image"),
}
OPTIONAL = {"image"}  # a bot works without
# What is wrong with an answer. When there is none, the reason is one of FAILURES.
FINDINGS = {
    "nothing_said": _("The model was reached, but it said nothing."),
    "no_tools": _("Its server does not take tools; bots answer without them."),
    "not_called": _("It takes tools, but did not call one."),
    "not_read": _("It called the tool, but did not answer with its result."),
    "no_images": _("Its server does not take images."),
    "not_seen": _("It takes images, but does not say what is in one."),
    "not_remembered": _("It does not know the word that stood at the beginning."),
}
# What helps, by reason.
HINTS = {
    "model_not_server": _("Check the address (OPENAI_BASE_URL): most servers want /v1 at its end."),
    "model_unknown": _("Check the name of the model (OPENAI_MODEL); some servers want it pulled or loaded first."),
    "model_key_rejected": _("Check the key (OPENAI_API_KEY, or the bot's own variable)."),
    "model_quota_exhausted": _("Top up the account at the provider."),
    "model_late": _("Raise BOT_PATIENCE, or lower BOT_CONTEXT_TOKENS."),
    "model_context_exceeded": _("Lower BOT_CONTEXT_TOKENS, or give the server a larger context."),
    "model_rejected": _("Try the other API (OPENAI_API=chat or responses)."),
    "not_remembered": _(
        "It answers without the beginning of what it is given: its server cuts it. Give the server a larger context "
        "(Ollama: OLLAMA_CONTEXT_LENGTH or num_ctx), or lower BOT_CONTEXT_TOKENS."
    ),
}


def sentence_of(reason: str, params: dict[str, Any]) -> str:
    """In the active language. Empty for no reason, and for one that this version does not know."""
    if reason in FINDINGS:
        return str(FINDINGS[reason])
    return FAILURES[reason].text(params) if reason in FAILURES else ""


def hint_of(reason: str) -> str:
    """In the active language; empty when nothing is known to help."""
    return str(HINTS.get(reason, ""))
