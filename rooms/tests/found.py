"""What a search finds, and a reply to be found."""

from django.db import transaction

from rooms.models import Message
from rooms.search.message_search import search
from rooms.services import bot_replies
from rooms.services.sql import save_room_heads


def replying(bot_user, question_id: int) -> Message:
    with transaction.atomic():
        question = Message.objects.select_related("room").get(pk=question_id)
        reply = bot_replies.create_placeholder(question.room, bot_user, question)
        save_room_heads([question.room])
    return reply


def texts(user, words, **wanted) -> list[str]:
    return [hit.message.text for hit in search(user.id, words, **wanted).hits]
