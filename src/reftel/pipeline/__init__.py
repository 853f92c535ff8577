"""The only place where stages meet: read -> parse (`read`), and with an archive: add, follow up, mend."""

from __future__ import annotations
