"""What is not as the plan wants it, in sentences for an artist. Pure policy: facts in, findings out; any thread."""

from collections.abc import Iterator, Mapping, Sequence

from ...models.plan import EnvironmentKind, PlanObject, Relation, RelationKind, ScenePlan, Shot, TextItem, TimeOfDay
from ...worker.backend import Finding
from .facts import Collision, Exposure, Facts, Rest
from .relations import holds_in_picture
from .shapes import Thing
from .sight import Seen

__all__ = ["judge_light", "judge_scene", "wanted_brightness"]

LEAST_VISIBLE = {RelationKind.HIDDEN_BY: 0.04, RelationKind.INSIDE: 0.1, RelationKind.BEHIND: 0.2}
"""What stands behind or in something may show this little of itself."""
_CARRIED = (RelationKind.ON, RelationKind.INSIDE)
ENOUGH_VISIBLE, ENOUGH_CROWDED, ENOUGH_CARRYING, ENOUGH_INSIDE, ENOUGH_CLOSE = 0.3, 0.15, 0.05, 0.97, 0.5
ENOUGH_EXTENT, ENOUGH_PIXELS = 0.03, 20
ENOUGH_OUTLINE = 0.25
WASHED_MEDIAN, WASHED_THINGS = 0.88, 0.6
"""Snow and white walls are as bright, but what stands before them has shadows."""
_PLAIN = ("#ffffff", "#fefefe")


def judge_scene(plan: ScenePlan, facts: Facts, *, tried: bool = False) -> list[Finding]:
    """Everything about places and camera. ``tried``: other angles were, so what is hidden stays hidden."""
    return [
        *_missing(plan, facts.seen),
        *_frame(plan, facts.seen),
        *_visible(plan, facts.seen, tried),
        *_relations(plan, facts.seen),
        *_contacts(plan, facts),
    ]


def _missing(plan: ScenePlan, seen: Sequence[Seen]) -> Iterator[Finding]:
    for wanted in _wishes(plan):
        built = sum(one.plan_id == wanted.id for one in seen)
        count = wanted.count if isinstance(wanted, PlanObject) else 1
        if built == 0:
            yield Finding("missing", f"{_The(wanted)} was not built.", wanted.id, weight=3.0)
        elif built < count:
            yield Finding(
                "missing", f"{_word(wanted).capitalize()}: only {built} of {count} were built.", wanted.id, weight=2.0
            )


def _frame(plan: ScenePlan, seen: Sequence[Seen]) -> Iterator[Finding]:
    enough = ENOUGH_CLOSE if plan.camera.shot is Shot.CLOSE_UP else ENOUGH_INSIDE
    for one in seen:
        if one.inside < enough:
            text = f"{_name(plan, one)} is cut off {_edge(one)}: {one.inside:.0%} of it is in the picture."
            yield Finding("out_of_frame", text, one.plan_id, True, 2.0 - one.inside)
        elif one.extent < ENOUGH_EXTENT or (one.pixels < ENOUGH_PIXELS and one.visible > ENOUGH_VISIBLE):
            text = f"{_name(plan, one)} is only {one.extent:.1%} of the picture large and hardly seen."
            yield Finding("too_small", text, one.plan_id, weight=0.8)


def _edge(one: Seen) -> str:
    left, bottom, right, top = one.box
    beyond = {"at the left": -left, "at the right": right - 1, "at the bottom": -bottom, "at the top": top - 1}
    return max(beyond, key=lambda side: beyond[side])


def _visible(plan: ScenePlan, seen: Sequence[Seen], tried: bool) -> Iterator[Finding]:
    behind = {one.subject for one in plan.relations if one.kind is RelationKind.HIDDEN_BY}
    for wanted in _wishes(plan):
        every = [one for one in seen if one.plan_id == wanted.id and one.inside > 0]
        least = _least_visible(plan, wanted)
        hidden = [one for one in every if one.visible < least]
        if not hidden:
            continue
        worst = min(hidden, key=lambda one: one.visible)
        weight = sum(0.5 + (least - one.visible) / least for one in hidden)
        hider = f"the {worst.hidden_by}" if worst.hidden_by else "the ground"
        angles = " from every angle tried" if tried else ""
        if len(every) > 1:
            left = len(every) - len(hidden)
            text = f"{_word(wanted)}: only {left} of {len(every)} can be told apart{angles}, {hider} hides the rest."
            text = text[0].upper() + text[1:]
        elif worst.visible < 0.02:
            text = f"{_The(wanted)} is hidden by {hider}{angles}."
        else:
            text = f"Only {worst.visible:.0%} of {_the(wanted)} can be seen{angles}: {hider} is in front of it."
        yield Finding("hidden", text, wanted.id, wanted.id not in behind and not tried, weight)


def _least_visible(plan: ScenePlan, wanted: PlanObject | TextItem) -> float:
    carries = any(one.kind in _CARRIED and wanted.id in one.targets for one in plan.relations)
    limits = [ENOUGH_CARRYING] if carries else []
    limits += [
        LEAST_VISIBLE[one.kind] for one in plan.relations if one.kind in LEAST_VISIBLE and one.subject == wanted.id
    ]
    if isinstance(wanted, PlanObject) and wanted.count > 4:
        limits.append(ENOUGH_CROWDED)
    return min([ENOUGH_VISIBLE, *limits])


def _relations(plan: ScenePlan, seen: Sequence[Seen]) -> Iterator[Finding]:
    nouns: Mapping[str, str] = {wanted.id: _the(wanted) for wanted in _wishes(plan)}
    for relation in plan.relations:
        if not holds_in_picture(relation, seen):
            yield Finding("relation", f"{_relation(relation, nouns)}.", relation.subject, weight=1.2)


def _relation(relation: Relation, nouns: Mapping[str, str]) -> str:
    kind = relation.kind.value.replace("_", " ")
    words = {"inside": "inside", "left of": "to the left of", "right of": "to the right of", "near": "near"}.get(
        kind, kind
    )
    targets = " and ".join(nouns[name] for name in relation.targets) or "the middle"
    return f"In the picture {nouns[relation.subject]} is not {words} {targets}"


def _contacts(plan: ScenePlan, facts: Facts) -> Iterator[Finding]:
    for one in facts.rests:
        if one.heap:
            word = _word(next(wanted for wanted in _wishes(plan) if wanted.id == one.plan_id))
            text = f"{word[:1].upper()}{word[1:]}: the heap floats {_length(one.gap)} above the {one.under}."
            yield Finding("floating", text, one.plan_id, True, 0.6)
        elif one.gap > 0:
            text = f"{_name(plan, one)} floats {_length(one.gap)} above the {one.under}."
            yield Finding("floating", text, one.plan_id, True, 0.6)
        else:
            text = f"{_name(plan, one)} is sunk {_length(-one.gap)} into the {one.under}."
            yield Finding("sunk", text, one.plan_id, True, 0.6)
    kinds = dict.fromkeys((pair.first.plan_id, pair.second.plan_id) for pair in facts.collisions)
    for kind in kinds:
        pairs = [one for one in facts.collisions if (one.first.plan_id, one.second.plan_id) == kind]
        yield _collision(plan, max(pairs, key=lambda one: one.depth), len(pairs))


def _collision(plan: ScenePlan, pair: Collision, alike: int) -> Finding:
    first, second = _name(plan, pair.first), _name(plan, pair.second)
    more = f", and {alike - 1} more pairs of them" if alike > 2 else ", and another pair of them" if alike > 1 else ""
    if pair.carried and pair.steep:
        text = f"{first} is sunk {_length(pair.depth)} into {second[0].lower()}{second[1:]}{more}."
        return Finding("sunk", text, pair.first.plan_id, True, 0.6 * alike)
    text = f"{first} and {second[0].lower()}{second[1:]} run {_length(pair.depth)} into each other{more}."
    return Finding("overlap", text, pair.first.plan_id, pair.free, 0.7 * alike)


def judge_light(plan: ScenePlan, exposure: Exposure, seen: Sequence[Seen]) -> list[Finding]:
    """Is the picture neither dark nor burnt out, and does everything in it stand out?"""
    # A black thing on a white ground is well lit, and so is a planet before a black sky.
    brightest = max(exposure.high, exposure.things_high)
    if brightest < (0.16 if _is_dim(plan) else 0.32):
        text = f"The picture is too dark: its bright parts reach only {brightest:.0%}."
        return [Finding("too_dark", text, None, True, 2.0 + 4 * (0.32 - brightest))]
    if exposure.burnt > 0.3 and plan.environment.background not in _PLAIN:
        text = f"{exposure.burnt:.0%} of the picture is burnt out."
        return [Finding("blown_out", text, None, True, 2.0 + 4 * exposure.burnt)]
    if exposure.median > WASHED_MEDIAN and exposure.things_low > WASHED_THINGS:
        text = f"The picture is washed out: even what is dark in it has {exposure.things_low:.0%} of full brightness."
        return [Finding("blown_out", text, None, True, 1.0 + 4 * (exposure.things_low - WASHED_THINGS))]
    return list(_faint(plan, exposure, seen))


def _faint(plan: ScenePlan, exposure: Exposure, seen: Sequence[Seen]) -> Iterator[Finding]:
    chosen = plan.ground.color is not None or plan.environment.background is not None
    told = set[str]()
    for one in seen:
        share = exposure.outlined[(one.plan_id, one.instance)]
        if share < ENOUGH_OUTLINE and one.pixels >= ENOUGH_PIXELS and one.plan_id not in told:
            told.add(one.plan_id)
            text = f"{_name(plan, one)} hardly stands out: {share:.0%} of its outline differs from what is around it."
            yield Finding("low_contrast", text, one.plan_id, not chosen, 1.0 + 2 * (ENOUGH_OUTLINE - share))


def wanted_brightness(plan: ScenePlan) -> float:
    """How bright the bright parts of a picture shall be that was too dark."""
    return 0.35 if _is_dim(plan) else 0.55


def _is_dim(plan: ScenePlan) -> bool:
    night = plan.environment.time is TimeOfDay.NIGHT or plan.environment.kind is EnvironmentKind.SPACE
    return night or plan.environment.mood in ("dark", "neon")


def _wishes(plan: ScenePlan) -> list[PlanObject | TextItem]:
    return [*plan.objects, *plan.texts]


def _word(wanted: PlanObject | TextItem) -> str:
    return wanted.noun if isinstance(wanted, PlanObject) else f"“{wanted.text}”"


def _the(wanted: PlanObject | TextItem) -> str:
    return f"the {_word(wanted)}" if isinstance(wanted, PlanObject) else f"the text {_word(wanted)}"


def _The(wanted: PlanObject | TextItem) -> str:  # noqa: N802 - the word as it begins a sentence
    return f"T{_the(wanted)[1:]}"


def _name(plan: ScenePlan, one: Seen | Rest | Thing) -> str:
    """A thing at the beginning of a sentence."""
    wanted = next(wanted for wanted in _wishes(plan) if wanted.id == one.plan_id)
    count = wanted.count if isinstance(wanted, PlanObject) else 1
    word = _word(wanted)
    return _The(wanted) if count == 1 else f"{word[:1].upper()}{word[1:]} {one.instance} of {count}"


def _length(metres: float) -> str:
    return (
        f"{metres:.1f} m" if metres >= 1 else f"{metres * 100:.0f} cm" if metres >= 0.02 else f"{metres * 1000:.0f} mm"
    )
