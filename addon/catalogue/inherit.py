"""Recipes that begin as another one (``base``): what a file says goes before what its base says. Pure; any thread.

Works on what was read, before it is validated, so that a finished recipe never depends on another.
"""

from collections.abc import Mapping
from typing import Any

__all__ = ["inherited"]

_OWN = ("name", "synonyms", "base", "without")


def inherited(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """``own`` laid over ``base``: tables are joined by key, parts by name; the rest is replaced.

    Parts and poses that ``own`` names in ``without`` are left out, and so are slots of the base that no part uses then.
    Raises ``ValueError`` where ``without`` names what is not there.
    """
    joined = {key: value for key, value in base.items() if key not in _OWN}
    if not _are_tables(own.get("parts", [])) or not _are_tables(base.get("parts")):
        # Whoever validates says what is wrong with them.
        return joined | {key: value for key, value in own.items() if key not in ("base", "without")}
    for key, value in own.items():
        if key in ("base", "without"):
            continue
        joined[key] = _parts(joined.get(key, []), value) if key == "parts" else _laid_over(joined.get(key), value)
    dropped = set(own.get("without", []))
    names = {part.get("name") for part in joined["parts"]} | set(joined.get("poses", {}))
    if dropped - names:
        known = ", ".join(sorted(map(str, names)))
        raise ValueError(f"without {sorted(dropped - names)[0]!r} is unknown; parts and poses: {known}")
    joined["parts"] = [part for part in joined["parts"] if part.get("name") not in dropped]
    if "poses" in joined:
        joined["poses"] = {name: pose for name, pose in joined["poses"].items() if name not in dropped}
    used = {part.get("slot", "body") for part in joined["parts"]}
    kept = used | set(own.get("slots", {}))
    joined["slots"] = {name: slot for name, slot in joined["slots"].items() if name in kept}
    garments = joined.get("garments")
    if isinstance(garments, dict) and _are_tables(list(garments.values())):
        joined["garments"] = {
            name: garment | {"paints": [slot for slot in garment.get("paints", []) if slot in joined["slots"]]}
            for name, garment in garments.items()
        }
    return joined


def _are_tables(parts: Any) -> bool:
    return isinstance(parts, list) and all(isinstance(part, dict) for part in parts)


def _laid_over(under: Any, over: Any) -> Any:
    if not isinstance(under, dict) or not isinstance(over, dict):
        return over
    return under | {key: _laid_over(under.get(key), value) for key, value in over.items()}


def _parts(under: list[Any], over: list[Any]) -> list[Any]:
    """Parts of one name are joined where the base has just one of it and the shape stays; others are replaced."""
    result = list(under)
    for part in over:
        places = [place for place, one in enumerate(result) if one.get("name") == part.get("name")]
        if len(places) != 1:
            result.append(part)
            continue
        before = result[places[0]]
        same = part.get("shape", before.get("shape")) == before.get("shape")
        result[places[0]] = before | part if same else part
    return result
