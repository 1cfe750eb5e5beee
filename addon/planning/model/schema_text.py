"""The plan's JSON schema in a tenth of its length: one line for each type, in the manner of TypeScript. Pure.

Small models have small contexts: the schema as JSON would fill 20,000 tokens. Made from the same models, so the two
cannot differ.
"""

import json
from typing import Any

from ...models.parts import PartBase
from ...models.plan import ScenePlan

__all__ = ["describe_plan"]

_NOT_FOR_MODELS = {
    "ScenePlan": {"schema_version", "prompt", "planner", "seed", "sources", "pictures"},
    "Recipe": {"schema_version"},
}
_FILES = frozenset({"Source", "SourceKind", "PlacedPicture"})
"""A model never names files."""
_SHARED = "PartBase"
_REACH = 10_000
"""Numbers that are bounded by this may be arithmetic too: ``models.parts.Number``."""


def describe_plan() -> str:
    """Every type that a plan is made of, the plan first."""
    schema = ScenePlan.model_json_schema()
    types: dict[str, dict[str, Any]] = {"ScenePlan": schema} | schema["$defs"]
    types = {name: one for name, one in types.items() if name not in _FILES}
    shared = set(PartBase.model_fields)
    lines = []
    for name, definition in types.items():
        if "enum" in definition:
            lines.append(f"type {name} = {_type(definition)}")
            continue
        hidden = _NOT_FOR_MODELS.get(name, set())
        is_part = "shape" in definition["properties"] and "pivot" in definition["properties"]
        lines.append(_record(name, definition, hidden | (shared if is_part else set()), extends=is_part))
    lines.append(_record(_SHARED, PartBase.model_json_schema(), set(), extends=False))
    lines.append('type Number = number | string // a string is arithmetic over parameters, such as "leg * 2 + 0.1"')
    return "\n".join(lines)


def _record(name: str, definition: dict[str, Any], hidden: set[str], *, extends: bool) -> str:
    required = set(definition.get("required", ()))
    fields = [
        _field(field, schema, field in required)
        for field, schema in definition["properties"].items()
        if field not in hidden
    ]
    said = " ".join(definition.get("description", "").replace("``", "").split())
    return f"type {name} = {_SHARED + ' & ' if extends else ''}{{ {'; '.join(fields)} }}{' // ' + said if said else ''}"


def _field(name: str, schema: dict[str, Any], required: bool) -> str:
    said = schema.get("description")
    default = schema.get("default")
    is_told = default is not None and default not in ([], {}, "")
    text = f"{name}{'' if required else '?'}: {_type(schema)}{' = ' + json.dumps(default) if is_told else ''}"
    return f"{text} /* {said.replace('``', '')} */" if said else text


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema or "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema.get("enum", [schema.get("const")]))
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return _either(options)
    return _plain(schema)


def _either(options: list[dict[str, Any]]) -> str:
    if any(option.get("maximum") == _REACH for option in options):
        return "Number"
    return " | ".join(dict.fromkeys(_type(option) for option in options if option != {"type": "null"}))


def _plain(schema: dict[str, Any]) -> str:
    match schema["type"]:
        case "array":
            return _list(schema)
        case "object":
            inner = schema.get("additionalProperties") or next(iter(schema["patternProperties"].values()))
            return f"{{ [name]: {_type(inner)} }}"
        case "number" | "integer":
            return f"{schema['type']}{_range(schema)}"
        case kind:
            return "#rrggbb" if "[0-9a-f]{6}" in schema.get("pattern", "") else str(kind)


def _list(schema: dict[str, Any]) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(_type(item) for item in schema['prefixItems'])}]"
    inner = _type(schema["items"])
    return f"({inner})[]" if " | " in inner else f"{inner}[]"


def _range(schema: dict[str, Any]) -> str:
    least = schema.get("minimum", schema.get("exclusiveMinimum"))
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    if least is None:
        return ""
    return f" {least:g}..{most:g}" if most is not None else f" ≥ {least:g}"
