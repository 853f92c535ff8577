"""How often somebody may ask, and how long somebody waits who has failed to log in. In memory, of bounded size; the time is passed in."""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import ip_address
from typing import NamedTuple, TypeVar

T = TypeVar("T")
_MOST = 10_000  # addresses or names that are remembered; the one not seen for longest is forgotten first
_FORGOTTEN = 3600  # seconds after which failures no longer count


class Rate:
    """A bucket for each address: it holds the requests of a minute, and fills again as the minute goes by."""

    def __init__(self, per_minute: int) -> None:
        self._full, self._second = float(per_minute), per_minute / 60
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, now: float) -> float:
        """0 if the request may pass, and it is counted; else the seconds to wait."""
        network = network_of(address)
        left, at = self._buckets.get(network, (self._full, now))
        left = min(self._full, left + max(0.0, now - at) * self._second)
        passes = left >= 1
        _keep(self._buckets, network, (left - passes, now))
        return 0.0 if passes else (1 - left) / self._second


class _Failed(NamedTuple):
    """times: attempts since the last success; at: the last of them; until: none before."""

    times: int
    at: float
    until: float


class Failures:
    """Attempts to log in under a key. Some are free; after each further one it takes twice as long to the next, up to `longest` seconds."""

    def __init__(self, free: int, longest: float) -> None:
        self._free, self._longest = free, longest
        self._failed: OrderedDict[str, _Failed] = OrderedDict()

    def wait(self, key: str, now: float) -> float:
        """Seconds until the next attempt may be made."""
        return max(0.0, self._failed.get(key, _Failed(0, now, now)).until - now)

    def count(self, key: str, now: float) -> None:
        """An attempt is made. It counts as failed until it is forgiven, so that many at a time are many."""
        times, at, _ = self._failed.get(key, _Failed(0, now, now))
        times = 1 if now - at > _FORGOTTEN else times + 1
        beyond = times - self._free
        pause = 0.0 if beyond < 0 else min(2.0 ** min(beyond, 30), self._longest)
        _keep(self._failed, key, _Failed(times, now, now + pause))

    def forgive(self, key: str, *, all_of_them: bool) -> None:
        """The attempt was good. all_of_them: those before it are forgotten, too."""
        failed = self._failed.pop(key, None)
        if failed is not None and not all_of_them and failed.times > 1:
            _keep(self._failed, key, _Failed(failed.times - 1, failed.at, failed.at))


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the first half, since anybody has the whole second half."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or f"{found.exploded[:19]}::/64")


def _keep(held: OrderedDict[str, T], key: str, value: T) -> None:
    held[key] = value
    held.move_to_end(key)
    if len(held) > _MOST:
        held.popitem(last=False)
