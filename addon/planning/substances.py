"""What things are made of, covered in and shaped like, where that is said after them. Any thread."""

from collections.abc import Callable, Sequence

from ..models.plan import RelationKind
from .draft import Thing
from .naming import Namer
from .phrases import NounPhrase, Post

__all__ = ["is_covering", "is_lettering", "made"]

Predicate = Callable[[NounPhrase, Sequence[Thing]], None]


def made(namer: Namer, post: Post, subjects: Sequence[Thing], predicate: Predicate) -> None:
    """ "made of glass", "painted red", "shaped like a heart"."""
    for phrase in post.phrases:
        shape = namer.lexicon.shapes_of.get(namer.noun_of(phrase))
        says_shape = post.head is not None and any(
            word in post.head.value for word in ("shape", "like", "form of", "formed")
        )
        if shape is not None and says_shape:
            for thing in subjects:
                thing.shape = thing.shape or shape
        elif phrase.nouns and says_shape:
            namer.draft.note(f"{post.head.text if post.head else ''} {phrase.text}", "It keeps its own shape.")
        elif phrase.nouns and all(item.tag != "MATERIAL" for item in phrase.modifiers):
            namer.draft.note(f"{post.head.text if post.head else ''} {phrase.text}", "It is not made of that here.")
        else:
            predicate(NounPhrase(phrase.modifiers), subjects)


def is_covering(namer: Namer, phrase: NounPhrase, subjects: Sequence[Thing]) -> bool:
    """ "a mountain covered in snow": a material of what is covered."""
    material = namer.lexicon.coverings.get(namer.noun_of(phrase))
    if material is None:
        return False
    for subject in subjects:
        subject.material = material
        namer.describe(subject, [item for item in phrase.modifiers if item.tag != "DET"])
    return True


def is_lettering(namer: Namer, phrase: NounPhrase, subjects: Sequence[Thing]) -> bool:
    """ "HELLO" in golden letters: words about the letters that were just named."""
    letters = [thing for thing in subjects if thing.letters is not None]
    carriers = {thing.id for thing in subjects}
    for one in namer.draft.relations:
        # "a sign 'SALE' in red letters": those that the sign carries.
        if one.kind is RelationKind.IN_FRONT_OF and carriers & set(one.targets):
            letters.extend(thing for thing in namer.draft.things if thing.id == one.subject and thing.letters)
    if any(thing.words for thing in subjects) and all(item.tag == "LOGO" for item in phrase.nouns):
        namer.draft.note(phrase.text, "The words on a thing are in its own letters.")
        return True
    if not letters or phrase.of is not None:
        return False
    if any(item.tag != "LOGO" for item in phrase.nouns):
        if not any(item.plural for item in phrase.nouns):
            return False
        # "LOVE in red balloons".
        namer.draft.note(namer.noun_of(phrase), "Letters are solid here, not made of things.")
    for thing in letters:
        namer.describe(thing, phrase.modifiers)
    return True
