"""Groups of people, who are called by one name. Rows only."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PeopleGroup(models.Model):
    """Of the whole server, as people are. `@name` in a room calls those of them who belong to it."""

    name = models.CharField(_("name"), max_length=32, unique=True)  # in small letters; no user's
    about = models.CharField(_("what it is for"), max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.name


class GroupMember(models.Model):
    group = models.ForeignKey(PeopleGroup, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "user"], name="one_place_in_a_group")]

    def __str__(self):
        return f"{self.user_id} in {self.group_id}"
