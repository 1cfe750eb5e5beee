"""Measures the offline planner on a file of prompts with what each asks for, without building anything.

    python tools/check_plans.py prompts.jsonl [--failures 20] [--split NAME]

Each line: {"split", "prompt", "include": [{"class" or "class_surface", "count", "color", "texture", "shape"}],
"relations": [{"subject", "relation", "object"}]}. A thing that the catalogue lacks counts as understood where the plan
names it in ``not_built``; layouts are judged where all things of the prompt are built.
"""

import argparse
import json
import statistics
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from addon.catalogue import load_catalogue
from addon.models.layout import Layout
from addon.models.plan import PlanObject, RelationKind, ScenePlan
from addon.planning import OfflinePlanner, lay_out
from addon.planning.layout.geometry import Body
from addon.planning.layout.relations import holds, seen_things
from addon.planning.layout.view import view_of
from addon.planning.lexicon import Lexicon, load_lexicon
from addon.planning.nouns import NounBook
from addon.planning.protocol import Things

ASPECT = 16 / 9
WORDS = {
    "hidden by": "hidden_by",
    "behind": "behind",
    "in front of": "in_front_of",
    "on the bottom of": "below",
    "on the top of": "on",
    "on the left of": "left_of",
    "on the right of": "right_of",
    "near": "near",
    "next to": "next_to",
    "on side of": "next_to",
}
SIZES = {"big": lambda scale: scale > 1, "small": lambda scale: scale < 1}


class Judge:
    """Compares plans and layouts with what prompts ask for."""

    def __init__(self, things: Things) -> None:
        self.things = things
        self.lexicon: Lexicon = load_lexicon()
        self.nouns = NounBook(self.lexicon, things)
        self.planner = OfflinePlanner(things)

    def judge(self, row: dict[str, Any]) -> dict[str, Any]:
        """What is met: include, relations, layout (None where a thing is not built), and the milliseconds."""
        start = time.perf_counter()
        plan = self.planner.plan(row["prompt"], 0)
        planned = time.perf_counter()
        plan, layout = lay_out(plan, self.things, ASPECT)
        laid = time.perf_counter()
        found, missing = self._include(plan, row["include"])
        relations = self._relations(plan, row["relations"], found)
        built = not missing and all(name is not None for name in found)
        return {
            "include": missing,
            "relations": relations,
            "layout": _layout_failures(plan, layout) if built else None,
            "plan_ms": (planned - start) * 1000,
            "layout_ms": (laid - planned) * 1000,
        }

    def _include(self, plan: ScenePlan, include: list[dict[str, Any]]) -> tuple[list[str | None], list[str]]:
        """For each asked-for thing the id of the plan's object (None: named as not built), and what is missing."""
        free = list(plan.objects)
        told = {note.text for note in plan.not_built}
        found: list[str | None] = []
        missing: list[str] = []
        for item in include:
            noun = self.nouns.singular(item.get("class", item.get("class_surface", "")).lower())
            near = [thing for thing in free if self._names(thing.noun, noun)]
            wrong = [self._wrong(thing, item) for thing in near]
            if near and "" in wrong:
                chosen = near[wrong.index("")]
                free.remove(chosen)
                found.append(chosen.id)
            elif any(self._names(text, noun) for text in told) or self._is_ground(plan, noun, item):
                found.append(None)
            else:
                found.append(None)
                missing.append(f"{noun}: {wrong[0] if wrong else 'not named'}")
        return found, missing

    def _is_ground(self, plan: ScenePlan, noun: str, item: dict[str, Any]) -> bool:
        """Whether a floor is what everything stands on, in its material."""
        return noun == "floor" and plan.ground.material == self._value(item.get("texture", ""), "MATERIAL")

    def _names(self, said: str, noun: str) -> bool:
        said = self.nouns.singular(said.lower())
        return said == noun or said.endswith(f" {noun}") or self.nouns.singular(said.split(" ")[-1]) == noun

    def _wrong(self, thing: PlanObject, item: dict[str, Any]) -> str:
        plural_only = "class" in item and item["class"].endswith("s")
        if thing.count != item["count"] and not (plural_only and thing.count > item["count"]):
            return f"count {thing.count}"
        if "color" in item and thing.color_name != item["color"]:
            return f"color {thing.color_name}"
        if "texture" in item and thing.material != self._value(item["texture"], "MATERIAL"):
            return f"texture {thing.material}"
        if "shape" in item and not self._shaped(thing, item["shape"]):
            return f"shape {thing.shape}"
        return ""

    def _value(self, word: str, tag: str) -> Any:
        return next((meaning.value for meaning in self.lexicon.phrases.get(word, ()) if meaning.tag == tag), None)

    def _shaped(self, thing: PlanObject, shape: str) -> bool:
        if shape in SIZES:
            return bool(SIZES[shape](thing.scale))
        return thing.shape == self._value(shape, "SHAPE")

    def _relations(self, plan: ScenePlan, relations: list[dict[str, Any]], found: list[str | None]) -> list[str]:
        known = {(one.kind.value, one.subject, target) for one in plan.relations for target in one.targets}
        missing = []
        for relation in relations:
            kind = WORDS[relation["relation"]]
            subject, target = found[relation["subject"]], found[relation["object"]]
            told = any(kind.replace("_", " ") in note.text for note in plan.not_built)
            if (kind, subject, target) not in known and not told:
                missing.append(relation["relation"])
        return missing


def _layout_failures(plan: ScenePlan, layout: Layout) -> list[str]:
    view = view_of(layout.camera, ASPECT)
    bodies = [
        Body(one.object_id, one.instance, *one.position, one.size, one.rotation_z, one.scale, one.supported_by)
        for one in layout.placements
    ]
    seen = seen_things(view, bodies)
    failures = [f"{one.kind.value}" for one in plan.relations if not holds(one, bodies, seen)]
    outside = [
        name
        for name, box in seen.items()
        if min(box.x0, box.y0) < -1.001 or max(box.x1, box.y1) > 1.001 or box.near <= 0
    ]
    tiny = [name for name, box in seen.items() if (box.x1 - box.x0) * (box.y1 - box.y0) < 0.004]
    return [*failures, *(f"{name} out of frame" for name in outside), *(f"{name} tiny" for name in tiny)]


def _table(results: dict[str, list[dict[str, Any]]]) -> None:
    print(
        f"{'split':<20}{'prompts':>8}{'include':>9}{'relations':>10}{'plan met':>10}"
        f"{'built':>7}{'layout':>8}{'ms':>6}{'+ms':>6}"
    )
    every = [one for rows in results.values() for one in rows]
    for split, rows in [*results.items(), ("all", every)]:
        built = [one for one in rows if one["layout"] is not None]
        cells = [
            sum(not one["include"] for one in rows) / len(rows),
            sum(not one["relations"] for one in rows) / len(rows),
            sum(not one["include"] and not one["relations"] for one in rows) / len(rows),
        ]
        layout = sum(not one["layout"] for one in built) / len(built) if built else 1.0
        print(
            f"{split:<20}{len(rows):>8}{cells[0]:>9.1%}{cells[1]:>10.1%}{cells[2]:>10.1%}{len(built):>7}{layout:>8.1%}"
            f"{statistics.median(one['plan_ms'] for one in rows):>6.1f}"
            f"{statistics.median(one['layout_ms'] for one in rows):>6.1f}"
        )


def run(rows: list[dict[str, Any]], things: Things, failures: int) -> None:
    """Judge all rows and print the table and some failures."""
    judge = Judge(things)
    results: dict[str, list[dict[str, Any]]] = defaultdict(list)
    why: Counter[str] = Counter()
    shown: list[str] = []
    for row in rows:
        result = judge.judge(row)
        results[row["split"]].append(result)
        wrong = [*result["include"], *result["relations"], *(result["layout"] or [])]
        if wrong:
            shown.append(f"  {row['prompt']!r}: {'; '.join(wrong)}")
            why.update(one.split(" ")[0] if one in {kind.value for kind in RelationKind} else "other" for one in wrong)
    _table(results)
    print(dict(why.most_common()))
    step = max(1, len(shown) // max(1, failures))
    print("\n".join(shown[::step][:failures]))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prompts", type=Path, help="JSON lines")
    parser.add_argument("--split", help="only this one")
    parser.add_argument("--failures", type=int, default=20, help="how many to show")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in arguments.prompts.read_text(encoding="utf-8").splitlines() if line.strip()]
    chosen = [row for row in rows if arguments.split in (None, row["split"])]
    run(chosen, load_catalogue(), arguments.failures)


if __name__ == "__main__":
    main()
