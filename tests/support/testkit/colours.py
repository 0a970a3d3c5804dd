"""Colours of the dashboard's themes, and how well one can be told from another."""

from __future__ import annotations

import re

from claude_mpm_monitor.static import STATIC_ROOT

from claude_mpm_monitor import ThemeSpec

_CSS = (STATIC_ROOT / "css" / "tokens.css").read_text(encoding="utf-8")
_PAGE = dict(re.findall(r"(--[a-z0-9-]+): ([^;]+);", _CSS))

#: What text is on.
SURFACES = ("--bg", "--bg-raised", "--bg-sunken", "--bg-hover", "--bg-selected", "--bg-float")
#: What is text.
TEXTS = (
    *("--text", "--text-2", "--text-3", "--accent", "--ok", "--error"),
    *("--denied", "--interrupted", "--running", "--unknown"),
)
SERIES = tuple(f"--series-{number}" for number in range(1, 9))
FILLS = tuple(name for name in _PAGE if name.startswith("--fill-"))


def colour(theme: ThemeSpec, token: str) -> str:
    """Return a token's colour in the theme, as #rrggbb."""
    value = theme.tokens.get(token, _PAGE[token])
    if named := re.fullmatch(r"var\((--[\w-]+)\)", value):
        return colour(theme, named[1])
    both = re.fullmatch(r"light-dark\((#\w+), (#\w+)\)", value)
    return both[1 + (theme.scheme == "dark")] if both else value


def contrast(theme: ThemeSpec, one: str, other: str) -> float:
    """Return the contrast of two tokens by WCAG: 1 for none, 21 for black on white."""
    light, dark = sorted((_luminance(colour(theme, token)) for token in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def too_close(
    theme: ThemeSpec, least: float, tokens: tuple[str, ...], grounds: tuple[str, ...]
) -> list[str]:
    """Return the pairs with less contrast than `least`, in words."""
    pairs = [(token, ground) for token in tokens for ground in grounds]
    found = {pair: contrast(theme, *pair) for pair in pairs}
    return [
        f"{one} on {other}: {ratio:.2f}" for (one, other), ratio in found.items() if ratio < least
    ]


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
