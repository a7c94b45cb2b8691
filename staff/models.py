"""Figures of the server, hour by hour, so that charts need not count messages."""

from django.db import models


class Sample(models.Model):
    """One full hour (UTC). It holds only numbers, and nothing about a single person."""

    hour = models.DateTimeField(unique=True)  # its beginning
    people = models.PositiveIntegerField()  # accounts that can sign in, without bots
    people_new = models.PositiveIntegerField()
    people_active = models.PositiveIntegerField()  # who used a session in the hour
    people_active_day = models.PositiveIntegerField()  # … in the 24 hours before its end
    connected = models.PositiveIntegerField(null=True)  # at the moment of the count; None: Redis did not answer
    messages = models.PositiveIntegerField()  # of people and bots
    last_message = models.BigIntegerField()  # id of the newest message counted so far
    questions = models.PositiveIntegerField()  # that bots were asked
    questions_failed = models.PositiveIntegerField()
    wait_ms = models.PositiveIntegerField(null=True)  # 95th percentile of the time to the first word of an answer
    tokens = models.BigIntegerField()
    cost = models.FloatField(null=True)  # None: no prices were set
    stored = models.PositiveBigIntegerField()  # bytes of files
    disk_free = models.BigIntegerField()  # bytes, on the host that took the sample
    jobs_waiting = models.PositiveIntegerField()
    jobs_failed = models.PositiveIntegerField()  # given up in the hour
    mails_failed = models.PositiveIntegerField()

    def __str__(self):
        return f"{self.hour:%Y-%m-%d %H:00}"
