"""What the counters of tokens say, and a run that has used some."""

from django.db import transaction

from bot.queue import quota, token_counters


def keys(run, day=None):
    return quota._keys(quota._limits(run), day or quota.utc_today())


def counted(run, day=None):
    """What the person's counter says."""
    return token_counters._run("return tonumber(redis.call('GET', KEYS[1]))", keys(run, day))


def used(run, tokens_in=0, tokens_out=0):
    """Settle a run as `finish` does."""
    run.tokens_in, run.tokens_out = tokens_in, tokens_out
    with transaction.atomic():
        quota.settle(run)
        run.save()
