"""The tool that tells what is in the archive."""

from __future__ import annotations

from reftel.archive.ledger import count_by
from reftel.mcp.lines import count_of, words
from reftel.mcp.room import Room

_POSTS = 15


def archive_stats(room: Room) -> str:
    """Tells what the archive holds: how many cables, of which years, posts and classes, how many statements, and what is not known of it."""
    archive = room.archive
    store = archive.store
    statements = int(store.column("SELECT count(*) FROM statements")[0])
    first, last = store.rows("SELECT min(date), max(date) FROM cables WHERE lead IS NOT NULL")[0]
    answer = [
        f"{count_of(len(archive), 'cable')} from {count_of(archive.count_sources(), 'text')}, {first or 'no date'} to {last or 'no date'}.",
        f"{count_of(statements, 'statement')} found in them.",
    ]
    for what in ("year", "post", "classification", "carrier"):
        counts = count_by(store, what)
        shown = counts if what == "year" else counts[:_POSTS]
        more = f" and {len(counts) - len(shown)} more" if len(counts) > len(shown) else ""
        told = ", ".join(f"{words(name) or 'not known'} {count:,}" for name, count in shown)
        answer.append(f"by {what}: {told}{more}")
    if left := archive.count_unextracted():
        answer.append(f"{count_of(left, 'cable')} not looked through for statements yet: those cannot be found.")
    answer.append(
        "Names that drafters ask to protect have pseudonyms, such as Pk7qxxxx."
        if room.masked
        else "Protected names are told: nothing of this may be passed on."
    )
    return "\n".join(answer)
