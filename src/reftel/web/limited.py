"""The command that follows, with limits on what it may use: `python limited.py MEMORY CPU FILE COMMAND...` (POSIX).

A program of its own, run by its path: limits have to be set between the two, and in a server with threads a child may not do that
before it has become another program. It imports nothing of Reftel's.
"""

from __future__ import annotations

import os
import resource
import signal
import sys


def main() -> None:
    """Becomes the command."""
    memory, cpu, file = map(int, sys.argv[1:4])
    for limit, value in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, file),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (most, most))
    os.nice(10)  # who reads goes before who adds
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a server in the background may have been told to ignore it
    os.execv(sys.argv[4], sys.argv[4:])


if __name__ == "__main__":
    main()
