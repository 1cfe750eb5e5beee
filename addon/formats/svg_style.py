"""How an SVG element is painted: attributes, ``style``, and the simple selectors of ``<style>``. Pure, any thread."""

import re
from collections.abc import Mapping

import webcolors  # type: ignore[import-untyped]

from .problem import FileProblem

__all__ = ["INHERITED", "Sheet", "color", "declarations", "is_harmless", "sheet"]

INHERITED = ("fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "color", "visibility")
Sheet = Mapping[str, Mapping[str, str]]
"""Selector (a tag, ``.class``, ``#id``) → what it sets."""

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RGB = re.compile(r"rgba?\(\s*([\d.]+%?)[\s,]+([\d.]+%?)[\s,]+([\d.]+%?)\s*(?:[,/]\s*([\d.]+%?)\s*)?\)")
_URL = re.compile(r"url\(\s*['\"]?\s*([^)'\"\s]*)", re.IGNORECASE)
_SELECTOR = re.compile(r"[.#]?[A-Za-z_][\w-]*")


def declarations(text: str) -> dict[str, str]:
    """``a: b; c: d`` as a dictionary."""
    pairs = (item.partition(":") for item in text.split(";"))
    return {name.strip().lower(): value.replace("!important", "").strip() for name, mark, value in pairs if mark}


def sheet(text: str) -> dict[str, dict[str, str]]:
    """The rules of a ``<style>`` element that have simple selectors."""
    found: dict[str, dict[str, str]] = {}
    for selectors, body in _RULE.findall(_COMMENT.sub("", text)):
        for selector in selectors.split(","):
            if _SELECTOR.fullmatch(selector.strip()):
                found.setdefault(selector.strip(), {}).update(declarations(body))
    return found


def is_harmless(text: str) -> bool:
    """Whether style or attribute text leads nowhere outside of the file."""
    return "@import" not in text.lower() and all(link.startswith("#") or not link for link in _URL.findall(text))


def color(value: str, current: str, gradients: Mapping[str, str]) -> str | None:
    """A paint as #rrggbb; None for none. A gradient is its mean colour. Raises ``FileProblem``."""
    value = value.strip()
    lower = value.lower()
    if lower in ("none", "transparent", ""):
        return None
    if lower in ("currentcolor", "inherit", "context-fill", "context-stroke"):
        return current
    link = _URL.match(value)
    if link is not None:
        return gradients.get(link[1].removeprefix("#"), current)
    rgb = _RGB.fullmatch(lower)
    if rgb is not None:
        parts = [_channel(part) for part in rgb.groups()[:3]]
        return None if rgb[4] in ("0", "0%", "0.0") else "#{:02x}{:02x}{:02x}".format(*parts)
    try:
        if re.fullmatch(r"#[0-9a-f]{8}|#[0-9a-f]{4}", lower):
            lower = lower[: len(lower) - (2 if len(lower) == 9 else 1)]
        return str(webcolors.normalize_hex(lower) if lower.startswith("#") else webcolors.name_to_hex(lower))
    except ValueError:
        raise FileProblem(f"has {value[:20]!r} where a colour must be") from None


def _channel(part: str) -> int:
    try:
        value = float(part.rstrip("%")) * (2.55 if part.endswith("%") else 1)
    except ValueError:
        value = 0.0
    return round(min(255.0, max(0.0, value)))
