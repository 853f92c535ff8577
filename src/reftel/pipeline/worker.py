"""A worker process: jobs come in on standard input, answers go out on standard output, until the input ends.

Each is a frame: its length in eight bytes, little endian, then a message in MessagePack.
"""

from __future__ import annotations

import gc
import signal
import sys
from typing import BinaryIO

from reftel.errors import ReftelError
from reftel.pipeline.work import Dictionaries, Hand, Job, ToExtract, ToIndex, ToParse, decode_message, encode

_LENGTH = 8


def write_frame(stream: BinaryIO, data: bytes) -> None:
    """One frame; the reader can have it at once."""
    stream.write(len(data).to_bytes(_LENGTH, "little"))
    stream.write(data)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame; None where the stream ends, also in the middle of one: then the other side is gone."""
    length = stream.read(_LENGTH)
    if len(length) < _LENGTH:
        return None
    size = int.from_bytes(length, "little")
    data = stream.read(size)
    return data if len(data) == size else None


def main() -> None:
    """Works until there is nobody left to work for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that gives the work
    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    # Records are no part of cycles, and looking for those took a tenth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    hand = Hand(Dictionaries({}, {}, {}))
    while (frame := read_frame(jobs)) is not None:
        message = decode_message(frame)
        if isinstance(message, Dictionaries):
            hand.learn(message)
            continue
        try:
            answer: tuple[object, ...] | str = _do(hand, message)
        except ReftelError as error:  # a stored text is damaged
            answer = str(error)
        write_frame(answers, encode(answer))


def _do(hand: Hand, job: Job) -> tuple[object, ...]:
    if isinstance(job, ToParse):
        return hand.parse(job)
    if isinstance(job, ToExtract):
        return hand.extract(job)
    return hand.index(job) if isinstance(job, ToIndex) else hand.parse_again(job)
