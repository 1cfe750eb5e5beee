"""Prompt and files → plan, by any planner. Pure but for what the planner does; the worker's thread."""

from collections.abc import Sequence

from ...models.plan import EnvironmentKind, NotBuilt, PlanObject, Relation, RelationKind, ScenePlan
from ...models.recipe import Recipe
from ...models.sources import PlacedPicture, Source, SourceKind
from ...models.uploads import Upload, UploadKind, UploadRole
from ..protocol import Planner, Waiting
from .mentions import Mention, refer
from .stand_ins import stand_in

__all__ = ["plan_with_uploads"]

_ON_ROLES = (UploadRole.DECAL, UploadRole.BACKDROP)
_TITLE = 70


def plan_with_uploads(
    planner: Planner, prompt: str, seed: int, waiting: Waiting | None, uploads: Sequence[Upload]
) -> ScenePlan:
    """A plan that shows every file: as a thing where the prompt has it, on a thing, or behind everything."""
    referred = refer(prompt, uploads)
    pairs = list(zip(uploads, referred.mentions, strict=True))
    own = [stand_in(mention.noun, upload, hung=mention.hung) for upload, mention in pairs]
    plan = planner.plan(referred.text, seed, waiting, own)
    title = plan.title if not any(mention.noun in plan.title for _, mention in pairs) else ""
    plan = plan.model_copy(update={"prompt": prompt[:10_000], "title": title or " ".join(prompt.split())[:_TITLE]})
    for (upload, mention), recipe in zip(pairs, own, strict=True):
        plan = _bound(plan, upload, mention, recipe)
    return _said(plan, referred.mentions)


def _bound(plan: ScenePlan, upload: Upload, mention: Mention, recipe: Recipe) -> ScenePlan:
    shown = [thing for thing in plan.objects if thing.recipe == recipe.name]
    if mention.role in _ON_ROLES:
        picture = _picture(plan, upload, mention, {thing.id for thing in shown})
        if picture is not None:
            gone = {thing.id for thing in shown}
            return _without(plan, gone).model_copy(update={"pictures": [*plan.pictures, picture]})
        note = NotBuilt(text=mention.said, reason="There is nothing that it could be on; it is framed.")
        plan = plan.model_copy(update={"not_built": [*plan.not_built, note]})
    if not shown:
        thing = PlanObject(id=_free(plan, recipe.name), recipe=recipe.name, noun=mention.said)
        plan = plan.model_copy(update={"objects": [*plan.objects, thing]})
    source = Source(
        recipe=recipe.name,
        kind=SourceKind(upload.kind.value),
        file=upload.file,
        name=upload.name,
        orientation=upload.orientation,
        hung=mention.hung and upload.kind is UploadKind.PICTURE,
    )
    recipes = [one for one in plan.recipes if one.name != recipe.name]
    plan = plan.model_copy(update={"sources": [*plan.sources, source], "recipes": [*recipes, recipe]})
    return _walled(plan, {thing.id for thing in plan.objects if thing.recipe == recipe.name}) if source.hung else plan


def _picture(plan: ScenePlan, upload: Upload, mention: Mention, names: set[str]) -> PlacedPicture | None:
    aspect = upload.extent[0] / upload.extent[2]
    if mention.role is UploadRole.BACKDROP:
        return PlacedPicture(kind="backdrop", file=upload.file, aspect=aspect, orientation=upload.orientation)
    target = _target(plan, names)
    if target is None:
        return None
    return PlacedPicture(kind="decal", file=upload.file, aspect=aspect, orientation=upload.orientation, target=target)


def _target(plan: ScenePlan, names: set[str]) -> str | None:
    """What a decal is on: what its relations name, else the first thing."""
    for relation in plan.relations:
        pair = [relation.subject, *relation.targets]
        if names & set(pair):
            others = [name for name in pair if name not in names]
            if others and any(thing.id == others[0] for thing in plan.objects):
                return others[0]
    files = {source.recipe for source in plan.sources if source.kind in (SourceKind.LOGO, SourceKind.PICTURE)}
    return next((thing.id for thing in plan.objects if thing.id not in names and thing.recipe not in files), None)


def _without(plan: ScenePlan, gone: set[str]) -> ScenePlan:
    objects = [thing for thing in plan.objects if thing.id not in gone]
    used = {thing.recipe for thing in objects}
    return plan.model_copy(
        update={
            "objects": objects,
            "relations": [one for one in plan.relations if not gone & {one.subject, *one.targets}],
            "animation": [track for track in plan.animation if track.target not in gone],
            "recipes": [recipe for recipe in plan.recipes if recipe.name in used],
        }
    )


def _walled(plan: ScenePlan, hung: set[str]) -> ScenePlan:
    """With a room around it: a picture that hangs needs a wall, nothing carries it, and it is over all that stands."""
    room = plan.environment.model_copy(update={"kind": EnvironmentKind.INDOOR})
    relations = [
        one
        for one in plan.relations
        if one.kind is RelationKind.ABOVE or (one.subject not in hung and not hung & set(one.targets))
    ]
    placed = {one.subject for one in relations}
    relations += [Relation(kind=RelationKind.ABOVE, subject=name) for name in sorted(hung - placed)]
    return plan.model_copy(update={"environment": room, "relations": relations})


def _free(plan: ScenePlan, name: str) -> str:
    taken = {thing.id for thing in plan.objects} | {item.id for item in plan.texts}
    return name if name not in taken else next(f"{name}_{n}" for n in range(2, 99) if f"{name}_{n}" not in taken)


def _said(plan: ScenePlan, mentions: Sequence[Mention]) -> ScenePlan:
    """With the prompt's own words in place of ours."""
    words = {mention.noun: mention.said for mention in mentions}

    def told(text: str) -> str:
        for noun, said in words.items():
            text = text.replace(noun, said)
        return text

    notes = [note.model_copy(update={"text": told(note.text), "reason": told(note.reason)}) for note in plan.not_built]
    objects = [
        thing.model_copy(update={"noun": told(thing.noun)}) if thing.recipe in words else thing
        for thing in plan.objects
    ]
    return plan.model_copy(update={"objects": objects, "not_built": notes})
