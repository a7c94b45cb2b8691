"""Making bots: the default one from the environment, others by command or in the admin."""

import logging

from django.conf import settings
from django.db import connections, transaction

from accounts.models import User

from .models import Bot

logger = logging.getLogger(__name__)

INSTRUCTION = "You are {name}, a helpful member of a group chat. Be brief and to the point."


def ensure_default_bot(**_signal) -> Bot | None:
    """The bot of the server's settings, made or renamed as needed; harmless to repeat.

    None when a person has its name: that is said in the log, and chat goes on without it.
    """
    if not _tables_exist():
        return None
    with transaction.atomic():
        bot = Bot.objects.select_related("user").filter(from_environment=True).first()
        if bot and bot.user.username == settings.BOT_NAME:
            return bot
        taken = User.objects.filter(username__iexact=settings.BOT_NAME).first()
        if taken and not (taken.is_bot and not bot):
            logger.error("BOT_NAME is %r, which is somebody else's name; set BOT_NAME to another.", settings.BOT_NAME)
            return bot
        if bot:
            User.objects.filter(pk=bot.user_id).update(username=settings.BOT_NAME)
            bot.user.username = settings.BOT_NAME
            return bot
        return create_bot(settings.BOT_NAME, user=taken, from_environment=True)


@transaction.atomic
def create_bot(handle: str, user: User | None = None, **fields) -> Bot:
    """A new bot and the user that it signs with. Raises ValidationError when a field cannot be so."""
    if user is None:
        user = User(username=handle, is_bot=True)
        user.set_unusable_password()
        user.full_clean()
        user.save()
    bot = Bot(user=user, **{"name": handle, "instruction": INSTRUCTION.format(name=handle), **fields})
    bot.full_clean(validate_constraints=False)
    bot.save()
    return bot


def _tables_exist() -> bool:
    """False in the middle of a migration backwards."""
    with connections["default"].cursor() as cursor:
        tables = connections["default"].introspection.table_names(cursor)
    return {Bot._meta.db_table, User._meta.db_table} <= set(tables)
