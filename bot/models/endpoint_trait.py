"""What was found out about model servers."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..llm.endpoint import ModelApi


class EndpointTrait(models.Model):
    """What was found out about a model at a server: a feature that it refuses, how much it can read, and how fast."""

    CONTEXT_TOKENS = "context_tokens"
    READING_SPEED = "reading_speed"

    base_url = models.CharField(_("address of the model's server"), max_length=200, blank=True)
    api = models.CharField(_("kind of API"), max_length=9, choices=ModelApi.choices)
    model = models.CharField(_("model"), max_length=120)
    name = models.CharField(_("feature"), max_length=40)  # one of llm/features.py, which is refused; or of the above
    value = models.PositiveIntegerField(_("tokens"), null=True, blank=True)  # of reading_speed: a second
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # in the server's words
    learned = models.DateTimeField(_("learned"), default=timezone.now)

    class Meta:
        verbose_name = _("limit of a model server")
        verbose_name_plural = _("limits of model servers")
        constraints = [
            models.UniqueConstraint(fields=["base_url", "api", "model", "name"], name="one_trait_of_an_endpoint")
        ]

    def __str__(self):
        return f"{self.model}: {self.name}"
