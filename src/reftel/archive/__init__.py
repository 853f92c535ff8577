"""Cables -> a folder in which they are kept and found.

    archive.sqlite   the truth: sources with their texts, cables, paragraphs, references, defects, the ledger
    index/           the search index: derived, and rebuilt from the truth whenever it is lost
    desk.sqlite      the user's own: saved searches, notes, tags
    writer.lock      held by whoever is writing

No absolute path is inside, so the folder can be moved, copied or put on a stick.
"""

from __future__ import annotations
