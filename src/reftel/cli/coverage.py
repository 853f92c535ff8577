"""`reftel coverage`: how much of what each post sent is held, by year, and of one post by month."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reftel.archive.holdings import Holdings, Month, PostHoldings, Year
from reftel.cli.errors import said
from reftel.cli.output import Lines, count_of, ends_quietly, open_console, prepare_text, printable
from reftel.workbench import Archive


def print_coverage(post: str, folder: str, as_json: bool) -> int:
    """Prints what is held of every post, or of one; the exit code. post: "" for all."""
    prepare_text()
    with said(), Archive.open(folder) as archive:
        holdings = archive.holdings()
        chosen = [archive.holdings_of(post)] if post else sorted(holdings.posts, key=lambda one: -one.held)
    if as_json:
        with Lines() as lines:
            for one in chosen:
                lines.write(msgspec.json.encode(one))
        return 0 if chosen else 1
    console = open_console()
    with ends_quietly():
        if post:
            _print_post(console, chosen[0])
        elif chosen:
            _print_posts(console, chosen)
            _print_sum(console, holdings)
        else:
            console.print("The archive holds no cable of a known sender.")
    return 0 if chosen else 1


def _print_posts(console: Console, posts: Iterable[PostHoldings]) -> None:
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column("post", ratio=2)
    table.add_column("held", justify="right", no_wrap=True)
    table.add_column("held of sent, by year (~ about)", ratio=5)
    for post in posts:
        years = [f"{year.year}: {_say_count(year)}" for year in post.years]
        if post.undated:
            years.append(f"no date: {post.undated:,}")
        table.add_row(Text(printable(post.name)), f"{post.held:,}", Text("; ".join(years)))
    console.print(table)


def _print_sum(console: Console, holdings: Holdings) -> None:
    span = f", {holdings.first} to {holdings.last}" if holdings.first else ""
    told = f"{count_of(holdings.cables, 'cable')} of {count_of(len(holdings.posts), 'post')}{span}."
    if holdings.senderless:
        told += f" Of {holdings.senderless:,} nobody tells the sender."
    console.print(told)


def _print_post(console: Console, post: PostHoldings) -> None:
    where = f", {post.country}" if post.country else ""
    console.print(Text(printable(f"{post.name}{where}: {count_of(post.held, 'cable')}"), "bold"))
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column("")
    table.add_column("held", justify="right")
    table.add_column("sent", justify="right")
    table.add_column("serials held")
    for year in post.years:
        table.add_row(*_cells(str(year.year), year), style="bold")
        for month in year.months:
            table.add_row(*_cells(f"  {month.month}", month))
    console.print(table)
    console.print(_say_rest(post))


def _cells(name: str, part: Year | Month) -> tuple[str, str, str, str]:
    return name, f"{part.held:,}", _say_sent(part) or "?", _say_serials(part)


def _say_serials(part: Year | Month) -> str:
    if part.lowest is None or part.lowest == part.highest:
        return str(part.lowest or "")
    return f"{part.lowest} to {part.highest}"


def _say_rest(post: PostHoldings) -> str:
    told = ["~ about, reckoned from the serials held before and after; ? cannot be told."]
    odd = sum(year.odd for year in post.years)
    if odd:
        told.append(f"{count_of(odd, 'serial')} far from the others, left out of the reckoning.")
    if post.unnumbered:
        told.append(f"{count_of(post.unnumbered, 'cable')} without a serial of this post and year.")
    if post.undated:
        told.append(f"{count_of(post.undated, 'cable')} without a date.")
    return " ".join(told)


def _say_count(year: Year) -> str:
    """ "61 of ~3,291"; "1" where nobody can tell how many were sent."""
    sent = _say_sent(year)
    return f"{year.held:,} of {sent}" if sent else f"{year.held:,}"


def _say_sent(part: Year | Month) -> str:
    return "" if part.sent is None else f"{'' if part.exact else '~'}{part.sent:,}"
