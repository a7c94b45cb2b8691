"""A reply that is being written."""

import asyncio

from rooms.kernel.db_executor import run_db
from rooms.models import Message, MessageState

from .conftest import until

LONG = "word " * 1000


async def writing(model, say, who, text="@bot hi"):
    """A question whose answer is being written; returns it, the reply and the model's request."""
    question = await run_db(say, who, text)
    request = await asyncio.to_thread(model.wait_for_request, len(model.requests) + 1)
    reply = await until(Message.objects.filter(reply_to=question, state=MessageState.STREAMING).exclude(text="").first)
    return question, reply, request
