"""A worker process: a job is a message, its answer another, in MessagePack."""

from __future__ import annotations

import gc

from reftel.errors import ReftelError
from reftel.pipeline.child import Parent
from reftel.pipeline.work import Dictionaries, Hand, Job, ToExtract, ToIndex, ToParse, decode_message, encode


def main() -> None:
    """Works until there is nobody left to work for."""
    parent = Parent()
    # Records are no part of cycles, and looking for those took a tenth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    hand = Hand(Dictionaries({}, {}, {}))
    for frame in parent.messages():
        message = decode_message(frame)
        if isinstance(message, Dictionaries):
            hand.learn(message)
            continue
        try:
            answer: tuple[object, ...] | str = _do(hand, message)
        except ReftelError as error:  # a stored text is damaged
            answer = str(error)
        parent.answer(encode(answer))


def _do(hand: Hand, job: Job) -> tuple[object, ...]:
    if isinstance(job, ToParse):
        return hand.parse(job)
    if isinstance(job, ToExtract):
        return hand.extract(job)
    return hand.index(job) if isinstance(job, ToIndex) else hand.parse_again(job)
