"""What a reading room is told when it is opened."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Settings(NamedTuple):
    """folder: of the archive. host, port: where it listens. threads: that answer at the same time, each with an archive of its own.

    hosts: the names by which it may be called, port left out; none given means the host itself, and on loopback the loopback names.
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 8087
    threads: int = 4
    hosts: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)

    @property
    def known_hosts(self) -> tuple[str, ...]:
        """The names by which it answers: a page of another site that had its name pointed here is none of them."""
        return self.hosts or (LOOPBACK if self.is_local else (self.host,))


def is_loopback(host: str) -> bool:
    """Whether an address or name is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
