"""Writes JSON schemas of what people and programs may write to docs/schemas: ``python tools/write_schemas.py``."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "schemas"


def schemas() -> dict[str, str]:
    """File name → text."""
    sys.path.insert(0, str(ROOT))
    from addon.models.plan import ScenePlan  # noqa: PLC0415 - the checkout's, wherever this is run from
    from addon.models.recipe import Recipe  # noqa: PLC0415
    from addon.models.session import Session  # noqa: PLC0415

    models = {"scene_plan": ScenePlan, "recipe": Recipe, "session_state": Session}
    return {
        f"{name}.schema.json": json.dumps(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}, indent=1
        )
        + "\n"
        for name, model in models.items()
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
