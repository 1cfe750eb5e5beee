"""Forms that a phrase asks for: what fills a vessel, and what is cut from a whole. Any thread.

A recipe shows "a cup of coffee" and "a slice of pizza" itself, as variants named by those words, so that nothing
has to be poured or cut.
"""

from ..models.plan import RelationKind
from .draft import Draft, Thing

__all__ = ["pour", "take_form"]


def take_form(thing: Thing, word: str) -> bool:
    """Whether the thing's recipe has a form that ``word`` names; the thing then takes it."""
    variants = thing.match.recipe.variants if thing.match is not None else []
    for variant in variants:
        if word and word in (variant.name.replace("_", " "), *variant.words):
            thing.variant = variant.name
            return True
    return False


def pour(draft: Draft) -> None:
    """What the prompt puts into a vessel that has a form for it is shown by that form: "a mug with coffee in it"."""
    things = {thing.id: thing for thing in draft.things}
    for relation in list(draft.relations):
        content = things.get(relation.subject)
        if relation.kind is not RelationKind.INSIDE or content is None or len(relation.targets) != 1:
            continue
        vessel = things.get(relation.targets[0])
        others = [one for one in draft.relations if content.id in (one.subject, *one.targets)]
        if vessel is not None and len(others) == 1 and take_form(vessel, content.noun):
            draft.relations.remove(relation)
            draft.things.remove(content)
