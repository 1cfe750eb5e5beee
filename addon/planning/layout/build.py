"""Builds clusters from the support tree and ties them into groups by their relations. Pure; any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...models.plan import Arrangement, RelationKind, ScenePlan
from .candidates import Frame
from .clusters import Cluster, hover, put_inside, put_on, put_under, surround
from .facts import Facts
from .geometry import Body
from .pack import Block, pack
from .posing import yaw_for
from .seating import all_sit, put_on_body, seated
from .sizing import scales_of
from .solve import Constraint, solve
from .tree import Mode, Tree
from .units import Unit, arranged, ringed

__all__ = ["Builder"]

_SOLVED = frozenset(
    {
        RelationKind.LEFT_OF, RelationKind.RIGHT_OF, RelationKind.IN_FRONT_OF, RelationKind.BEHIND,
        RelationKind.HIDDEN_BY, RelationKind.NEXT_TO, RelationKind.NEAR, RelationKind.FAR_FROM,
        RelationKind.AGAINST, RelationKind.FACING,
    }
)  # fmt: skip


class Builder:
    """Makes the groups of one attempt at one plan's layout."""

    def __init__(
        self,
        plan: ScenePlan,
        facts: Mapping[str, Facts],
        tree: Tree,
        frame: Frame,
        aspect: float,
        larger: Mapping[str, float],
    ) -> None:
        """``larger``: factors for things that were too small in an earlier attempt's picture."""
        self._plan = plan
        self._facts = facts
        self._tree = tree
        self._frame = frame
        self._aspect = aspect
        self._larger = larger
        self._constraints = _constraints(plan)
        self._units = self._all_units()

    def groups(self) -> list[Cluster]:
        """Groups that no relation ties to each other, each about its own origin."""
        roots = [name for name in self._units if name not in self._tree.parents]
        return self._level([self._cluster(name) for name in roots])

    def _all_units(self) -> dict[str, Unit]:
        plan, carriers = self._plan, self._tree.carriers()
        scales = scales_of(plan, self._facts, carriers)
        carrying = set(carriers.values())
        gaps = self._centre_gaps(scales)
        units: dict[str, Unit] = {}
        for name in self._facts:
            thing = next((one for one in plan.objects if one.id == name), None)
            facts, carrier = self._facts[name], carriers.get(name)
            fits = carrier is not None and facts.goes_on in self._facts[carrier].wears
            scale = scales[name] * (1.0 if fits else self._larger.get(name, 1.0))
            size = (facts.size[0] * scale, facts.size[1] * scale, facts.size[2] * scale)
            units[name] = Unit(
                id=name,
                count=thing.count if thing else 1,
                size=size,
                scale=scale,
                yaw=yaw_for(plan, name, facts, name in carrying, self._frame.flip),
                arrangement=thing.arrangement if thing else Arrangement.AUTO,
                centre_gap=gaps.get(name, 0.0),
            )
        return units

    def _centre_gaps(self, scales: Mapping[str, float]) -> dict[str, float]:
        """ "between two chairs": the room that the chairs leave in their middle."""
        gaps: dict[str, float] = {}
        for relation in self._plan.relations:
            if relation.kind is RelationKind.BETWEEN and len(relation.targets) == 1:
                size, count = self._facts[relation.subject].size, 1
                count = next((one.count for one in self._plan.objects if one.id == relation.subject), 1)
                gaps[relation.targets[0]] = max(size[:2]) * scales[relation.subject] * 1.35 * count
        return gaps

    def _cluster(self, name: str) -> Cluster:
        """A thing with everything that hangs on it, about the origin."""
        unit, facts = self._units[name], self._facts[name]
        cluster = Cluster(
            name, tuple(arranged(unit, self._plan.seed, self._aspect)), self._is_airborne(name), frozenset({name})
        )
        for mode in Mode:
            children = self._tree.children(name, mode)
            if children:
                cluster = self._joined(cluster, facts, mode, children)
        if facts.draught and self._plan.ground.material == "water" and name not in self._tree.parents:
            return cluster.moved(0.0, 0.0, -facts.draught * unit.size[2])
        return cluster

    def _joined(self, cluster: Cluster, facts: Facts, mode: Mode, children: Sequence[str]) -> Cluster:
        if mode is Mode.AROUND:
            for child in children:
                inner = surround(cluster) * 1.08
                cluster = cluster.with_bodies(ringed(self._units[child], inner))
            return cluster
        if mode is Mode.MIDDLE:
            return cluster.with_bodies(self._load([self._cluster(child) for child in children]))
        carriers = self._carrying(cluster)
        for number, carrier in enumerate(carriers):
            load = self._share(children, number, len(carriers))
            if not load:
                continue
            if mode is Mode.ON:
                cluster = cluster.with_bodies(self._put_on(carrier, facts, load))
            elif mode is Mode.INSIDE:
                cluster = cluster.with_bodies(put_inside(carrier, facts, load))
            elif mode is Mode.UNDER and facts.under is not None:
                cluster = cluster.with_bodies(put_under(carrier, facts.under, load))
            elif number == 0:
                load = self._load([self._cluster(child) for child in children])
                tallest = max(body.z + body.size[2] for body in load)
                cluster = cluster.with_bodies(hover(cluster, load, tallest * 0.2))
        return cluster

    def _put_on(self, carrier: Body, facts: Facts, load: list[Body]) -> list[Body]:
        worn = dict[str, Body]()
        for body in load:
            kind = self._facts[body.id].goes_on
            if kind is not None and kind in facts.wears and body.supported_by is None:
                worn.setdefault(kind, body)
        if worn:
            others = [body for body in load if body not in worn.values()]
            dressed = [put_on_body(carrier, kind, facts.wears[kind], body) for kind, body in worn.items()]
            return [*dressed, *(self._put_on(carrier, replace(facts, wears={}), others) if others else [])]
        if facts.seat is not None and all_sit(load, self._facts):
            return seated(carrier, facts.seat, load, self._facts)
        return put_on(carrier, facts, load)

    def _carrying(self, cluster: Cluster) -> list[Body]:
        """The instances that others can stand on: all, or the uppermost of a stack."""
        own = cluster.own()
        top = max(body.z for body in own)
        return [body for body in own if body.z >= top - 1e-9] if top > 0 else own

    def _share(self, children: Sequence[str], number: int, carriers: int) -> list[Body]:
        """What the carrier of this number carries, about the origin: three cats on three chairs are one each."""
        clusters = [self._cluster(child) for child in children]
        if carriers == 1:
            return self._load(clusters)
        mine: list[Cluster] = []
        for position, cluster in enumerate(clusters):
            own = cluster.own()
            if len(own) > 1 and len(own) == len(cluster.bodies):
                unit = self._units[cluster.id]
                chosen = [body.instance for body in own if (body.instance - 1) % carriers == number]
                if chosen:
                    some = Unit(unit.id, len(chosen), unit.size, unit.scale, unit.yaw, unit.arrangement)
                    bodies = arranged(some, self._plan.seed, self._aspect)
                    named = [_numbered(body, instance) for body, instance in zip(bodies, chosen, strict=True)]
                    mine.append(Cluster(cluster.id, tuple(named), names=cluster.names))
            elif position % carriers == number:
                mine.append(cluster)
        return self._load(mine) if mine else []

    def _load(self, clusters: Sequence[Cluster]) -> list[Body]:
        """Clusters of one level side by side, as bodies about the origin."""
        groups = self._level(clusters)
        moves = pack([Block(group.rect) for group in groups], self._aspect, 1.0)
        bodies = [body for group, move in zip(groups, moves, strict=True) for body in group.moved(*move).bodies]
        xs = [corner[0] for body in bodies for corner in body.corners()]
        ys = [corner[1] for body in bodies for corner in body.corners()]
        dx, dy = -(min(xs) + max(xs)) / 2, -(min(ys) + max(ys)) / 2
        return [body.moved(dx, dy) for body in bodies]

    def _level(self, clusters: Sequence[Cluster]) -> list[Cluster]:
        """Tie clusters of one level together where relations do, each group about its own origin."""
        names = [cluster.id for cluster in clusters]
        lifted = [one for constraint in self._constraints if (one := self._lifted(constraint, names)) is not None]
        by_id = {cluster.id: cluster for cluster in clusters}
        groups: list[Cluster] = []
        for component in _components(names, lifted):
            members = [by_id[name] for name in component]
            if len(members) == 1:
                groups.append(members[0])
                continue
            inside = [one for one in lifted if one.subject in component]
            places = solve(members, inside, self._frame)
            bodies = tuple(body for one in members for body in one.moved(*places[one.id]).bodies)
            every = frozenset(name for one in members for name in one.names)
            groups.append(Cluster(members[0].id, bodies, all(one.airborne for one in members), every))
        return groups

    def _lifted(self, constraint: Constraint, names: Sequence[str]) -> Constraint | None:
        """A relation between descendants as one between clusters of this level."""
        if not names:
            return None
        subject = self._tree.level(constraint.subject, names[0])
        target = self._tree.level(constraint.target, names[0])
        if subject is None or target is None or subject == target or subject not in names or target not in names:
            return None
        return Constraint(constraint.kind, subject, target)

    def _is_airborne(self, name: str) -> bool:
        return any(
            relation.kind is RelationKind.ABOVE and not relation.targets and relation.subject == name
            for relation in self._plan.relations
        )


def _numbered(body: Body, instance: int) -> Body:
    return Body(body.id, instance, body.x, body.y, body.z, body.size, body.yaw, body.scale, body.supported_by)


def _constraints(plan: ScenePlan) -> list[Constraint]:
    found: list[Constraint] = []
    for relation in plan.relations:
        if relation.kind in _SOLVED:
            found.extend(Constraint(relation.kind, relation.subject, target) for target in relation.targets)
        elif relation.kind is RelationKind.BETWEEN and len(relation.targets) > 1:
            found.append(Constraint(RelationKind.RIGHT_OF, relation.subject, relation.targets[0]))
            found.append(Constraint(RelationKind.LEFT_OF, relation.subject, relation.targets[1]))
    # The same pair may be said to be near and facing: the first that places is enough when searching.
    return list(dict.fromkeys(found))


def _components(names: Sequence[str], constraints: Sequence[Constraint]) -> list[list[str]]:
    group = {name: number for number, name in enumerate(names)}
    for one in constraints:
        first, second = group[one.subject], group[one.target]
        for name in names:
            if group[name] == second:
                group[name] = first
    numbers = list(dict.fromkeys(group[name] for name in names))
    return [[name for name in names if group[name] == number] for number in numbers]
