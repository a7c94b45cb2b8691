"""Renders posts before they are written. Nobody waits for the text of another author."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from ..services.posting import Post
from ..text.rendering import is_quick, render_in_thread

HandOn = Callable[[Post], object]


class RenderQueue:
    """Hands on the posts of each author in the order in which they were sent.

    Quick texts are not rendered here, but by the writer.
    """

    def __init__(self) -> None:
        # Author id → the post being rendered and all later ones of this author, each with its callback.
        self._behind: dict[int, deque[tuple[Post, HandOn]]] = {}
        self._tasks: set[asyncio.Task] = set()

    def __len__(self) -> int:
        return len(self._behind)

    def add(self, post: Post, hand_on: HandOn) -> None:
        """Hand a post on when its HTML is there: at once, if its text is short and nothing of its author waits.

        The posts of an author stay in order.
        """
        if post.user.id in self._behind:
            self._behind[post.user.id].append((post, hand_on))
        elif is_quick(post.text):
            hand_on(post)
        else:
            self._behind[post.user.id] = deque([(post, hand_on)])
            task = asyncio.get_running_loop().create_task(self._render_all(post.user.id), name="render")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Stop rendering. Posts that wait are not handed on any more."""
        for task in self._tasks:
            task.cancel()

    async def _render_all(self, author: int) -> None:
        behind = self._behind[author]
        while behind:
            post, hand_on = behind[0]
            if not is_quick(post.text):
                post = replace(post, rendered=await render_in_thread(post.text, author))
            behind.popleft()
            if not behind:
                del self._behind[author]
            hand_on(post)
