"""The offline planner: a prompt → ScenePlan by lexicon and grammar, without a network. Any thread.

The steps are modules: ``words`` (characters → words), ``tagger`` (words → tags), ``grammar`` (tags → phrases),
``reader`` (phrases → draft), and here draft → plan.
"""

from collections.abc import Mapping, Sequence

from ..catalogue import choose, pick_variant
from ..models.plan import (
    PATTERNS,
    EnvironmentKind,
    Light,
    PlanObject,
    Relation,
    RelationKind,
    ScenePlan,
    Scenery,
    TextItem,
)
from ..models.recipe import Recipe
from .attributes import MAX_COUNT
from .contents import pour
from .draft import Draft, Thing
from .ellipsis import restored
from .grammar import parse
from .lettering import gathered
from .lexicon import Lexicon, load_lexicon
from .nouns import NounBook
from .own import WithOwn, with_used
from .protocol import Things, Waiting
from .reader import Reader, is_content
from .rooms import set_out
from .stilllife import furnish, is_generic
from .tagger import Tagger
from .whereabouts import at_home, fallen_snow, moonlight, windows
from .words import split_words

__all__ = ["OfflinePlanner"]

_MAX_THINGS = 60
_MAX_INSTANCES = 300
_MAX_PROMPT = 10_000
_TITLE = 70
_LETTERS_M = 0.5


_SPAN = {"tall": 1.4, "high": 1.4, "long": 1.4, "short": 0.7, "low": 0.7}
"""How much larger a shape word makes the longest side, about."""
_SMALLER = 0.5
"""The most that a small thing measures of a large one, where the prompt has both."""


class OfflinePlanner:
    """Plans with one catalogue. Building one takes some 50 ms; planning, a few."""

    def __init__(self, things: Things) -> None:
        self._things = things
        self._lexicon: Lexicon = load_lexicon()
        self._nouns = NounBook(self._lexicon, things)
        self._tagger = Tagger(self._lexicon, self._nouns)

    def plan(self, prompt: str, seed: int, waiting: Waiting | None = None, own: Sequence[Recipe] = ()) -> ScenePlan:
        """A valid plan for any text, the same for the same prompt and seed; it waits for nothing."""
        if own:
            return with_used(OfflinePlanner(WithOwn(self._things, own)).plan(prompt, seed), own)
        draft = Draft()
        words = split_words(prompt)
        tagged = restored(gathered(self._tagger.tag(words.words)))
        for item in tagged:
            if item.read_as:
                draft.note(item.text, f"Read as {item.read_as!r}.", item.read_as)
        sentences, left_out = parse(tagged)
        Reader(draft, self._lexicon, self._nouns).read(sentences)
        for item in left_out:
            if is_content(item.tag):
                draft.note(item.text, "It could not be read where it stands.")
        if words.unreadable:
            draft.note(words.unreadable, "This could not be read: prompts are read in English.")
        if words.unread:
            draft.note(f"the last {words.unread} words", "The prompt is too long to be read whole.")
        pour(draft)
        _tell_missing(draft, self._nouns.problems)
        _compare(draft)
        _contrast(draft)
        _forget_excluded(draft)
        _surface(draft, self._lexicon)
        fallen_snow(draft)
        moonlight(draft)
        windows(draft)
        furnish(draft, self._lexicon, self._nouns, prompt)
        at_home(draft, self._lexicon, self._nouns)
        set_out(draft, self._lexicon)
        _limit(draft)
        return _plan(draft, prompt, seed, self._lexicon)


def _tell_missing(draft: Draft, problems: Mapping[str, str]) -> None:
    """Things that are not built, with all that was said of them."""
    for thing in draft.things:
        if not thing.is_shown and not is_generic(thing.noun):
            words = " ".join(dict.fromkeys([*thing.said, thing.noun]))
            problem = problems.get(thing.noun.replace(" ", "_"))
            draft.note(words, problem or "There is no such thing in the catalogue, and nothing near it.")


def _compare(draft: Draft) -> None:
    """ "a dog bigger than a car" changes the subject's size until it holds."""
    for subject, target, name, factor in draft.comparisons:
        if subject.extent <= 0 or target.extent <= 0:
            continue
        ratio = subject.extent / target.extent
        if (name == "bigger" and ratio >= factor) or (name == "smaller" and ratio <= factor):
            continue
        wanted = target.extent * factor
        subject.scale = min(20.0, max(0.05, subject.scale * wanted / subject.extent))
        subject.size_m = min(1000.0, wanted)


def _contrast(draft: Draft) -> None:
    """ "A small vase and a tall flower": what is said to be small is at most half as large as what is said to be large.

    Each gives way by as much, so that neither leaves its size by more than it must.
    """
    told = [thing for thing in draft.things if thing.extent > 0 and thing.size_m is None and thing.count]
    for small in (thing for thing in told if _leaning(thing) < 0):
        for large in (thing for thing in told if _leaning(thing) > 0):
            ratio = small.extent * _SPAN.get(small.shape or "", 1) / (large.extent * _SPAN.get(large.shape or "", 1))
            if ratio > _SMALLER:
                by = (ratio / _SMALLER) ** 0.5
                small.scale, large.scale = max(0.05, small.scale / by), min(20.0, large.scale * by)


def _leaning(thing: Thing) -> int:
    """-1 where its words make it smaller than usual, 1 where they make it larger."""
    if thing.shape in _SPAN:
        # A short man beside a long bench is no dwarf.
        if thing.match is not None and thing.match.recipe.category in ("person", "people", "animal"):
            return 0
        return 1 if _SPAN[thing.shape] > 1 else -1
    return (thing.scale > 1) - (thing.scale < 1)


def _forget_excluded(draft: Draft) -> None:
    gone = {noun for exclusion in draft.exclusions for noun in (exclusion, exclusion.rpartition(" ")[2])}
    draft.shows = [noun for noun in draft.shows if noun not in gone]


def _surface(draft: Draft, lexicon: Lexicon) -> None:
    """ "A boat in the ocean" is on it, a fish in it."""
    words = {word for thing in draft.things for word in (thing.noun, thing.noun.rpartition(" ")[2])}
    if draft.open_water and words & lexicon.afloat:
        is_beach = draft.ground.material == "sand"
        draft.surround(kind=EnvironmentKind.OUTDOOR, scenery=Scenery.SEA if is_beach else Scenery.NOTHING)
        if not is_beach:
            draft.floor(material="water")


def _limit(draft: Draft) -> None:
    shown = [thing for thing in draft.things if thing.is_shown]
    for thing in shown[_MAX_THINGS:]:
        draft.note(thing.noun, f"At most {_MAX_THINGS} kinds of things are built.")
    kept = shown[:_MAX_THINGS]
    letters = [thing for thing in kept if thing.letters is not None]
    for thing in letters[20:]:
        draft.note(thing.noun, "At most 20 texts are built.")
        kept.remove(thing)
    room = _MAX_INSTANCES
    for position, thing in enumerate(kept):
        allowed = max(1, min(MAX_COUNT, room - (len(kept) - position - 1)))
        if thing.count > allowed:
            draft.note(f"{thing.count} {thing.noun}", f"A scene has at most {_MAX_INSTANCES} things.", str(allowed))
            thing.count = allowed
        room -= thing.count
    draft.things = kept


def _plan(draft: Draft, prompt: str, seed: int, lexicon: Lexicon) -> ScenePlan:
    objects = [_object(draft, thing, seed) for thing in draft.things if thing.match is not None]
    texts = [_text(draft, thing) for thing in draft.things if thing.letters is not None]
    kept = {thing.id for thing in draft.things}
    relations = [relation for relation in draft.relations if kept.issuperset((relation.subject, *relation.targets))]
    relations.extend(_sky(draft, relations, lexicon))
    if draft.environment.kind is EnvironmentKind.STUDIO and any(
        relation.kind is RelationKind.ABOVE and not relation.targets for relation in relations
    ):
        draft.surround(kind=EnvironmentKind.OUTDOOR)
    return ScenePlan(
        prompt=prompt[:_MAX_PROMPT],
        seed=seed,
        title=_title(prompt),
        style=draft.style,
        environment=draft.environment,
        ground=draft.ground,
        objects=objects,
        texts=texts,
        relations=relations[:400],
        lights=_lights(draft),
        camera=draft.camera,
        animation=[track for track in draft.animation if track.target is None or track.target in kept][:20],
        surroundings=draft.surroundings[:20],
        exclusions=draft.exclusions,
        not_built=draft.notes,
    )


def _object(draft: Draft, thing: Thing, seed: int) -> PlanObject:
    assert thing.match is not None
    recipe = thing.match.recipe
    if len(thing.paints) > 1 and thing.pattern is None:
        thing.pattern = "dotted" if "animal" in recipe.category else "striped"
    for paint in thing.paints[2:]:
        draft.note(f"{paint.name} {thing.noun}", "A thing has at most two colours here.")
    if thing.pattern and thing.pattern not in PATTERNS:
        thing.pattern = None
    variant = pick_variant(recipe, seed)
    if any(known.name == thing.variant for known in recipe.variants):
        variant = thing.variant
    _tell_without_effect(draft, thing, recipe)
    return PlanObject.model_validate(
        {
            "id": thing.id,
            "recipe": recipe.name,
            "noun": thing.noun,
            "count": thing.count,
            "arrangement": thing.arrangement,
            "scale": thing.scale,
            "size_m": thing.size_m,
            "color": thing.paints[0].hex if thing.paints else None,
            "color_name": thing.paints[0].name if thing.paints else None,
            "material": thing.material,
            "pattern": thing.pattern,
            "pattern_color": thing.paints[1].hex if len(thing.paints) > 1 else None,
            "shape": thing.shape,
            "facing": thing.facing,
            "pose": thing.pose,
            "wears": thing.wears[-12:],
            "parameters": {key: text for key, text in (("variant", variant), ("text", thing.words)) if text},
        }
    )


def _tell_without_effect(draft: Draft, thing: Thing, recipe: Recipe) -> None:
    """Looks that this recipe cannot take on."""
    if thing.shape and not choose(recipe, thing.shape, thing.pose).understood:
        draft.note(f"{thing.shape} {thing.noun}", f"A {recipe.name.replace('_', ' ')} has no such shape here.")
    look = [paint.name for paint in thing.paints] + [word for word in (thing.material, thing.pattern) if word]
    if look and not any(slot.paintable for slot in recipe.slots.values()):
        draft.note(f"{' '.join(look)} {thing.noun}", "This thing keeps its own look.")


def _text(draft: Draft, thing: Thing) -> TextItem:
    for word in (thing.shape, thing.pattern):
        if word:
            draft.note(f"{word} {thing.noun}", "Letters have no such look here.")
    height = min(100.0, thing.size_m or _LETTERS_M * thing.scale)
    return TextItem(
        id=thing.id,
        text=thing.letters or "",
        logo=thing.logo,
        height_m=height,
        depth_m=height * 0.24,
        bevel_m=height * (0.042 if thing.logo else 0.03),
        color=thing.paints[0].hex if thing.paints else None,
        color_name=thing.paints[0].name if thing.paints else None,
        # A logo without other words is what people mean by one: solid, bevelled, of metal.
        material=thing.material or ("metal" if thing.logo and thing.paints else "silver" if thing.logo else None),
    )


def _sky(draft: Draft, relations: list[Relation], lexicon: Lexicon) -> list[Relation]:
    """The sun and the like stand above when the prompt does not put them anywhere."""
    placed = {relation.subject for relation in relations} | {
        target for relation in relations for target in relation.targets
    }
    return [
        Relation(kind=RelationKind.ABOVE, subject=thing.id)
        for thing in draft.things
        if thing.noun in lexicon.sky and thing.id not in placed and len(draft.things) > 1
    ]


def _lights(draft: Draft) -> list[Light]:
    if draft.environment.mood == "neon":
        return [
            Light(kind="area", color="#ff2fa0", strength=1.2),
            Light(kind="area", color="#21d4fd", strength=1.2),
        ]
    return []


def _title(prompt: str) -> str:
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in prompt[:400]).split())
    if len(line) <= _TITLE:
        return line
    return line[:_TITLE].rsplit(" ", 1)[0] + " …"
