"""An archive of real cables: dump and release site, beside the checkout and no part of the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from archives import new_archive, views
from conftest import ROOT

from reftel.query import matches, parse_query

CORPUS = ROOT.parent / "shared" / "corpus"
QUERIES = (
    "missile defense from:moscow",
    '"human rights" in:summary -iran',
    '"missile defense"~5 OR energ*',
    "tag:PREL date:2008-06..2009",
    "has:defect class:secret",
    "lavrof~1 -carrier:site",
)

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.xdist_group("corpus"),
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not beside the checkout"),
]


def test_dump_and_site_are_one_archive_of_2190_cables(tmp_path: Path) -> None:
    with new_archive(tmp_path) as archive:
        dump = archive.add(CORPUS / "dump.tar.xz")
        assert (dump.added + dump.partial, dump.failed, dump.unchanged) == (2190, 0, 0)
        site = archive.add(CORPUS / "site.tar.xz")
        assert (site.added + site.partial, site.failed) == (579, 0)
        sizes = archive.store.column("SELECT count(*) FROM sources GROUP BY cable ORDER BY 1 DESC")
        assert (len(archive), sizes.count(2), sizes.count(1)) == (2190, 579, 2190 - 579)
        assert archive.count("*") == 2190 and archive.count("carrier:site") == 579
        seen = list(views(archive))
        for text in QUERIES:
            tree = parse_query(text).tree
            found = sorted(hit.key for hit in archive.search_all(text))
            assert found == [key for key, view in seen if matches(tree, view)], text
        again = archive.add([CORPUS / "dump.tar.xz", CORPUS / "site.tar.xz"])
        assert again[:5] == (0, 2769, 0, 0, 0)
        assert archive.doctor().findings == ()
