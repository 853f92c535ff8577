"""What a reading room is told when it is opened."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Settings(NamedTuple):
    """folder: of the archive. host, port: where it listens. threads: that answer at the same time, each with an archive of its own.

    hosts: the names by which it may be called, port left out; none given means the host itself, and on loopback the loopback names.
    login: whether one has to log in on loopback, too. per_minute: how many requests one address may make where a login is demanded.
    upload_limit: bytes of one upload, at most. processes: that make pages, beside the server; 0 makes all in the server itself.
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 8087
    threads: int = 4
    hosts: tuple[str, ...] = ()
    login: bool = False
    per_minute: int = 1200
    upload_limit: int = 2 << 30
    processes: int = 0

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)

    @property
    def demands_login(self) -> bool:
        """Whether somebody has to log in. A name that is not this machine's own means that others come by way of a proxy."""
        return self.login or not self.is_local or not all(map(is_loopback, self.hosts))

    @property
    def known_hosts(self) -> tuple[str, ...]:
        """The names by which it answers: a page of another site that had its name pointed here is none of them."""
        own = f"[{self.host}]" if ":" in self.host else self.host
        names = self.hosts or ((*LOOPBACK, own) if self.is_local else (own,))
        return tuple(dict.fromkeys(map(str.lower, names)))


def is_loopback(host: str) -> bool:
    """Whether an address or name is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
