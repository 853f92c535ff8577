"""An SVG as PNG, by resvg, which the extra `chart` installs."""

from __future__ import annotations

from importlib import import_module

from reftel.errors import ReftelError

ZOOM = 2  # pixels a unit of the SVG


def render_png(svg: str) -> bytes:
    """The picture, twice as large as the SVG says. ReftelError if resvg is not installed."""
    try:
        resvg = import_module("resvg_py")
    except ImportError:
        raise ReftelError('A chart as PNG needs resvg. Install it with: pip install "reftel[chart]"') from None
    return bytes(resvg.svg_to_bytes(svg_string=svg, zoom=ZOOM))
