"""What a prompt of ``data/prompts.toml`` should mean, compared with a plan; the file's head explains the notation."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from addon.models.plan import Environment, Frame, PlanObject, ScenePlan, TextItem

__all__ = ["differences", "load_readings"]

FILE = Path(__file__).parent / "data" / "prompts.toml"
LACKS = ("The catalogue lacks it", "There is no such thing", "Built as an ordinary")
STILL_LIFE = "It names nothing that can be built"
POSES = ("It is shown", "It is not shown in this pose")
SHAPES = ("has no such shape here.", "keeps its own look.")
EXPECTED = (
    *LACKS,
    *POSES,
    STILL_LIFE,
    "Shown as the surroundings",
    "The prompt names no thing",
    "The place is shown with",
)
POSE_WORDS = frozenset(
    {"sitting", "standing", "lying", "sleeping", "walking", "running", "jumping", "flying", "waving", "dancing"}
)


@dataclass(frozen=True)
class Spec:
    """One entry of ``things`` or ``texts``."""

    noun: str
    count: int
    looks: frozenset[str]
    needed: bool


def load_readings() -> list[tuple[str, dict[str, Any]]]:
    """Every prompt with what it means, in the file's order."""
    groups: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [(prompt, reading) for group in groups.values() for prompt, reading in group.items()]


def differences(plan: ScenePlan, reading: dict[str, Any]) -> list[str]:
    """What differs between a plan and a reading, as sentences; none where they agree."""
    found = [
        *_things([_spec(text) for text in reading.get("things", [])], [_shown(thing) for thing in plan.objects], plan),
        *_things([_spec(text) for text in reading.get("texts", [])], [_set(item) for item in plan.texts], plan),
        *_relations(reading.get("relations", []), plan),
        *_scene(reading.get("scene", ""), plan),
        *_told(reading.get("told", []), plan),
    ]
    without = reading.get("without", [])
    if sorted(plan.exclusions) != sorted(without):
        found.append(f"without {plan.exclusions}, not {without}")
    moves = sorted(" ".join(filter(None, (track.kind, track.target))) for track in plan.animation)
    if moves != sorted(reading.get("moves", [])):
        found.append(f"moves {moves}")
    return found


def _spec(text: str) -> Spec:
    needed = not text.startswith("? ")
    name, _, looks = text.removeprefix("? ").partition(":")
    first, _, rest = name.partition(" ")
    count, noun = (int(first), rest) if first.isdigit() and rest else (1, name)
    return Spec(noun.strip(), count, frozenset(looks.split()), needed)


def _shown(thing: PlanObject) -> Spec:
    size = "" if thing.size_m or thing.scale == 1 else "big" if thing.scale > 1 else "small"
    arranged = "" if thing.arrangement == "auto" else thing.arrangement.value
    facing = "" if thing.facing in ("viewer", "target") else thing.facing.value
    looks = [_key(thing.color_name or ""), thing.material, thing.pattern, thing.shape, thing.pose, size, arranged]
    for worn in thing.wears:
        looks.append(
            "+" + "_".join(filter(None, [_key(worn.color_name or ""), worn.material, worn.pattern, worn.garment]))
        )
    words = thing.parameters.get("text")
    noun = f"{thing.noun} '{words}'" if words else thing.noun
    return Spec(noun, thing.count, frozenset(filter(None, [*looks, facing])), True)


def _set(item: TextItem) -> Spec:
    color = _key(item.color_name or "")
    return Spec(item.text, 1, frozenset(filter(None, [color, item.material, "logo" if item.logo else ""])), True)


def _key(name: str) -> str:
    return name.replace(" ", "_")


def _agree(wanted: Spec, is_: Spec, plan: ScenePlan) -> bool:
    if (wanted.noun, wanted.count) != (is_.noun, is_.count):
        return False
    lost = wanted.looks - is_.looks
    # Sitting is done on chairs in a way of its own; a near pose that stands for another is told.
    near = {note.substitute for note in plan.not_built if note.reason.startswith(POSES)} | {"seated", "riding"}
    shown = frozenset(look for look in is_.looks if look in wanted.looks or look not in near)
    if shown != is_.looks:
        return shown <= wanted.looks and lost <= POSE_WORDS and (wanted.noun, wanted.count) == (is_.noun, is_.count)
    posed = any(note.reason.startswith(POSES) and note.text.endswith(is_.noun) for note in plan.not_built)
    return is_.looks <= wanted.looks and (not lost or lost == {"standing"} or (lost <= POSE_WORDS and posed))


def _things(wanted: list[Spec], shown: list[Spec], plan: ScenePlan) -> Iterable[str]:
    left = list(shown)
    absent = []
    for spec in wanted:
        same = next((other for other in left if _agree(spec, other, plan)), None)
        if same is not None:
            left.remove(same)
        elif spec.needed and not _lacks(plan, spec.noun):
            absent.append(spec)
    if not absent and _is_still_life(plan):
        return
    for spec in absent:
        yield f"no {spec.count} {spec.noun}: {' '.join(sorted(spec.looks))}"
    for spec in left:
        yield f"but {spec.count} {spec.noun}: {' '.join(sorted(spec.looks))}"


def _is_still_life(plan: ScenePlan) -> bool:
    return any(note.reason.startswith(STILL_LIFE) for note in plan.not_built)


def _lacks(plan: ScenePlan, noun: str) -> bool:
    return any(note.text.endswith(noun) and note.reason.startswith(LACKS) for note in plan.not_built)


def _relations(wanted: list[str], plan: ScenePlan) -> Iterable[str]:
    ids = {thing.id for thing in plan.objects} | {item.id for item in plan.texts}
    is_ = {
        " ".join([one.subject, one.kind.value, *one.targets]) + (" (own)" if one.frame is Frame.OBJECT else "")
        for one in plan.relations
    }
    allowed = {text.removeprefix("? ") for text in wanted}
    for text in wanted:
        subject, _, *targets = text.removeprefix("? ").removesuffix(" (own)").split(" ")
        if not text.startswith("? ") and text not in is_ and ids.issuperset((subject, *targets)):
            yield f"no relation {text}"
    for text in sorted(is_ - allowed if not _is_still_life(plan) else ()):
        yield f"but relation {text}"


def _scene(wanted: str, plan: ScenePlan) -> Iterable[str]:
    usual, here, camera = Environment(), plan.environment, plan.camera
    words = [
        *(value for name, value in here if name not in ("background", "scenery") and value != getattr(usual, name)),
        f"background={here.background}" if here.background else "",
        f"ground={plan.ground.material}" if plan.ground.material else "",
        f"ground={plan.ground.color}" if plan.ground.color else "",
        plan.style if plan.style != "realistic" else "",
        camera.shot if camera.shot != "medium" else "",
        camera.angle if camera.angle != "three_quarter" else "",
        f"lens={camera.lens_mm:g}" if camera.lens_mm != 50 else "",
        "dof" if camera.depth_of_field else "",
        "ortho" if camera.orthographic else "",
    ]
    is_ = {str(word) for word in words if word}
    if is_ != set(wanted.split()):
        yield f"scene {' '.join(sorted(is_))!r}, not {wanted!r}"


def _told(wanted: list[str], plan: ScenePlan) -> Iterable[str]:
    texts = [note.text.lower() for note in plan.not_built]
    for word in wanted:
        if not word.startswith("? ") and not any(word.lower() in text for text in texts):
            yield f"does not tell {word!r}"
    for note in plan.not_built:
        expected = any(word.removeprefix("? ").lower() in note.text.lower() for word in wanted)
        if (
            not expected
            and not note.reason.startswith(EXPECTED)
            and not note.reason.endswith(("is not built.", *SHAPES))
        ):
            yield f"tells {note.text!r}: {note.reason}"
