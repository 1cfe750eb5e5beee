"""ScenePlan and Layout → concept.md: what will be built, for people. Pure, any thread."""

from collections.abc import Iterable

from ..models.layout import Layout
from ..models.plan import PlanObject, Relation, ScenePlan, Weather
from ..models.sources import Source, SourceKind

__all__ = ["plain", "write_concept"]


def write_concept(plan: ScenePlan, layout: Layout) -> str:
    """Markdown: title, what is in the scene, relations, light and camera, and always what was not built."""
    parts = [
        f"# {plain(plan.title) or 'A scene'}",
        f"> {plain(plan.prompt)}" if plan.prompt.strip() else "> (empty prompt)",
        "## In the scene",
        _things(plan, layout),
    ]
    if plan.relations:
        parts.extend(["## How they stand", "\n".join(f"- {line}" for line in _relations(plan))])
    parts.extend(["## Light and camera", "\n".join(f"- {line}" for line in _picture(plan))])
    parts.extend(["## Not built", _not_built(plan)])
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """A prompt's text on one line, without what Markdown or HTML would act on."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    for mark in "\\`*_[]<>|#":
        line = line.replace(mark, f"\\{mark}")
    return line


def _things(plan: ScenePlan, layout: Layout) -> str:
    if not plan.objects and not plan.texts:
        return "Nothing."
    lines = ["| what | how many | look | size (m) |", "| --- | --- | --- | --- |"]
    sizes = {placement.object_id: placement.size for placement in layout.placements}
    sources = {source.recipe: source for source in plan.sources}
    for thing in plan.objects:
        shown = f"{thing.noun}{_origin(thing, sources.get(thing.recipe))}"
        lines.append(f"| {plain(shown)} | {thing.count} | {_look(thing)} | {_size(sizes.get(thing.id))} |")
    for item in plan.texts:
        look = ", ".join(word for word in (item.material, item.color) if word) or "as it is"
        kind = "logo" if item.logo else "letters"
        lines.append(f"| {kind} “{plain(item.text)}” | 1 | {look} | {_size(sizes.get(item.id))} |")
    return "\n".join(lines)


def _origin(thing: PlanObject, source: Source | None) -> str:
    """Where its shape comes from, where that is not the recipe that it is called by."""
    if source is not None and source.kind is SourceKind.ASSET:
        return f" (your asset “{source.name}” of {source.file})"
    if source is not None:
        return f" (from “{source.name}”)"
    built = thing.recipe.replace("_", " ")
    return "" if built == thing.noun else f" (built as {built})"


def _look(thing: PlanObject) -> str:
    words = [thing.color_name, thing.material, thing.pattern, thing.shape, thing.pose]
    for worn in thing.wears:
        looks = (worn.color_name, worn.material, worn.pattern, worn.garment.replace("_", " "))
        words.append("with " + " ".join(word for word in looks if word))
    if thing.scale != 1.0:
        words.append(f"{thing.scale:g} times its usual size")
    if thing.arrangement != "auto":
        words.append(f"in a {thing.arrangement}")
    return plain(", ".join(word for word in words if word)) or "as it is"


def _size(size: tuple[float, float, float] | None) -> str:
    return " × ".join(f"{side:.2f}" for side in size) if size else "–"


def _relations(plan: ScenePlan) -> Iterable[str]:
    nouns = {thing.id: thing.noun for thing in plan.objects} | {item.id: f"“{item.text}”" for item in plan.texts}
    for relation in plan.relations:
        yield plain(_sentence(relation, nouns))


def _sentence(relation: Relation, nouns: dict[str, str]) -> str:
    words = relation.kind.value.replace("_", " ")
    targets = " and ".join(f"the {nouns[name]}" for name in relation.targets) or "the rest, in the picture"
    return f"The {nouns[relation.subject]}: {words} {targets}"


def _picture(plan: ScenePlan) -> Iterable[str]:
    place = plan.environment
    weather = "" if place.weather is Weather.CLEAR else f", {place.weather.value}"
    yield f"Place: {place.kind.value}, {place.time.value}, {place.mood} light{weather}"
    if plan.ground.material or plan.ground.color:
        yield f"Ground: {', '.join(word for word in (plan.ground.material, plan.ground.color) if word)}"
    camera = plan.camera
    extras = [
        word for word, on in (("orthographic", camera.orthographic), ("depth of field", camera.depth_of_field)) if on
    ]
    yield ", ".join(
        [f"Camera: {camera.angle.value.replace('_', ' ')} view, {camera.shot.value.replace('_', '-')} shot", *extras]
    )
    yield f"Style: {plan.style.value.replace('_', ' ')}"
    for track in plan.animation:
        yield f"Movement: {track.kind}"
    if plan.exclusions:
        yield plain(f"Left out as asked: {', '.join(plan.exclusions)}")


def _not_built(plan: ScenePlan) -> str:
    if not plan.not_built:
        return "Nothing: every word had an effect."
    lines = []
    for note in plan.not_built:
        instead = f" Instead: {plain(note.substitute)}." if note.substitute else ""
        lines.append(f"- **{plain(note.text)}**: {plain(note.reason)}{instead}")
    return "\n".join(lines)
