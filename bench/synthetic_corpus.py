"""A language to search in: words as frequent as in a real one, and rooms that differ in size the same way."""

import random
from itertools import accumulate

WORDS = 50_000
PUBLIC, PRIVATE, PEOPLE = 40, 960, 200
IN_FEW, IN_MANY = 30, 300  # private rooms of p0, and of p1

_COMMON = """
the be to of and a in that have I it for not on with he as you do at this but his by from they we say her she or an will
my one all would there their what so up out if about who get which go me when make can like time no just him know take
people into year your good some could them see other than then now look only come its over think also back after use two
how our work first well way even new want because any these give day most us
""".split()  # noqa: SIM905


def vocabulary() -> list[str]:
    """The most frequent word first: a hundred real ones, then made-up ones."""
    chance, words = random.Random(2), dict.fromkeys(map(str.lower, _COMMON))  # noqa: S311
    while len(words) < WORDS:
        length = max(2, min(12, round(chance.gauss(2 + len(words) ** 0.18, 1.5))))
        words["".join(chance.choices("etaoinshrdlucmfwypvbgkjqxz", weights=range(26, 0, -1), k=length))] = None
    return list(words)


def zipf(count: int) -> list[float]:
    """Cumulative weights: each rank less frequent by its number (Zipf)."""
    return list(accumulate(1 / (rank + 2.7) for rank in range(count)))
