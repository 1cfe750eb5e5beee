"""Joints turned: what a pose does to finished parts. Main thread (numpy only).

Each joint turns what is nearer to its bone, or to those that it carries, than to any other bone. In between the
surface turns by a part of the angle, so that it bends and keeps its girth. Joints far out are turned first: each
then still finds its pivot and its weights where the recipe says.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from ...models.recipe import Joint, Pose, Turn
from .mesh_data import Floats, rotation_matrix

__all__ = ["Skeleton"]

_SOFT = 0.3
"""How far a joint bends the surface about it, in radii of its bone, where it does not say."""
_NEAR = 1e-9
_KEPT = 64
_measured: OrderedDict[tuple[int, int], tuple[Floats, Mapping[str, Joint], dict[str, Floats]]] = OrderedDict()


@dataclass(frozen=True)
class _Bone:
    """One side of a joint."""

    joint: str
    path: Floats
    soft: float
    side: str
    carried: frozenset[str]
    """It and all that it carries, by key."""


class Skeleton:
    """A recipe's joints in one pose, which moves points of parts."""

    def __init__(self, joints: Mapping[str, Joint], pose: Pose) -> None:
        self._joints = joints
        self._pose = pose
        self._bones = _bones(joints)
        self._turns = {key: turn for key in self._bones if any(turn := self._turn_of(key))}

    def moved(self, points: Floats, joint: str | None, apart: Collection[str] = ()) -> Floats:
        """``points`` of a part in the pose; ``joint``: the one that it hangs on stiffly; ``apart``: those that it
        does not go with, however near they are."""
        whole = rotation_matrix(self._pose.rotate)
        if not self._turns:
            return np.asarray(points @ whole.T)
        weights = self._near(points, apart) if joint is None else self._stiff(points, joint)
        result = points
        # Those that carry others stand before them in a recipe.
        for key in reversed(list(self._turns)):
            concerned = weights[key] > 0
            result = result.copy()
            result[concerned] = _turned(
                result[concerned], self._bones[key].path[0, :3], self._turns[key], weights[key][concerned]
            )
        return np.asarray(result @ whole.T)

    def _turn_of(self, key: str) -> Turn:
        turn = self._pose.turn
        name, side = (key, "") if key in self._joints else (key.rpartition("_")[0], key.rpartition("_")[2])
        if not side:
            return turn.get(name, (0, 0, 0))
        x, y, z = turn.get(name, (0, 0, 0))
        if key in turn:
            return turn[key]
        # The bone that the recipe gives is turned as it says; the other is its mirror image.
        given = "right" if self._joints[name].path[-1][0] > 0 else "left"
        return (x, y, z) if side == given else (x, -y, -z)

    def _stiff(self, points: Floats, joint: str) -> dict[str, Floats]:
        weights = {}
        for key, bone in self._bones.items():
            holds = np.zeros(len(points))
            for end in (joint, f"{joint}_left", f"{joint}_right"):
                if end in bone.carried:
                    side = self._bones[end].side
                    there = points[:, 0] * {"": 0.0, "left": -1.0, "right": 1.0}[side] >= 0
                    holds += there
            weights[key] = np.minimum(holds, 1.0)
        return weights

    def _near(self, points: Floats, apart: Collection[str]) -> dict[str, Floats]:
        distances = self._distances(points)
        if apart:
            far = {name for key, bone in self._bones.items() if bone.joint in apart for name in bone.carried}
            distances = {name: away for name, away in distances.items() if name not in far}
        weights = {}
        for key in self._turns:
            bone = self._bones[key]
            with_it = [away for name, away in distances.items() if name in bone.carried]
            others = [away for name, away in distances.items() if name not in bone.carried]
            if not with_it:
                weights[key] = np.zeros(len(points))
                continue
            own = np.min(with_it, axis=0)
            if not others:
                weights[key] = np.ones(len(points))
                continue
            share = np.clip((np.min(others, axis=0) - own) / (2 * bone.soft) + 0.5, 0, 1)
            weights[key] = share * share * (3 - 2 * share)
        return weights

    def _distances(self, points: Floats) -> dict[str, Floats]:
        """From each point to each bone: the same in every pose, so the last parts' are kept for the next one."""
        key = (id(points), id(self._joints))
        kept = _measured.get(key)
        if kept is None:
            # What they are of is kept with them, so that its id cannot become another's.
            kept = (points, self._joints, {name: _distance(points, bone.path) for name, bone in self._bones.items()})
            _measured[key] = kept
            while len(_measured) > _KEPT:
                _measured.popitem(last=False)
        return kept[2]


def _bones(joints: Mapping[str, Joint]) -> dict[str, _Bone]:
    sides = {name: ("left", "right") if joint.paired else ("",) for name, joint in joints.items()}
    carriers: dict[str, str | None] = {}
    for name, joint in joints.items():
        for side in sides[name]:
            carrier = joint.of
            if carrier is not None and side and joints[carrier].paired:
                carrier = f"{carrier}_{side}"
            carriers[f"{name}_{side}" if side else name] = carrier
    bones = {}
    for name, joint in joints.items():
        for side in sides[name]:
            key = f"{name}_{side}" if side else name
            path = np.array(joint.path)
            if side:
                path = path * np.array([1.0 if (side == "right") == (path[-1, 0] > 0) else -1.0, 1, 1, 1])
            soft = joint.soft if joint.soft is not None else _SOFT * float(path[0, 3])
            carried = frozenset(other for other in carriers if key in _upwards(other, carriers))
            bones[key] = _Bone(name, path, soft, side, carried)
    return bones


def _upwards(key: str, carriers: Mapping[str, str | None]) -> list[str]:
    found = [key]
    while (carrier := carriers[found[-1]]) is not None:
        found.append(carrier)
    return found


def _distance(points: Floats, path: Floats) -> Floats:
    """From each point to the surface of a chain of tapering capsules; negative within."""
    nearest = np.full(len(points), np.inf)
    for first, second in pairwise(path):
        along = second[:3] - first[:3]
        share = np.clip((points - first[:3]) @ along / max(float(along @ along), _NEAR), 0, 1)
        away = np.linalg.norm(points - first[:3] - share[:, None] * along, axis=1)
        nearest = np.minimum(nearest, away - (first[3] + share * (second[3] - first[3])))
    return nearest


def _turned(points: Floats, pivot: Floats, turn: Turn, weight: Floats) -> Floats:
    """Each point turned about ``pivot`` by its share of the turn (Rodrigues' formula).

    The wider the turn, the more of it is a straight way between both ends: a sleeve under a raised arm is pulled
    taut, where a small turn keeps the girth of a knee.
    """
    axis, angle = _axis_angle(turn)
    local = points - pivot
    along = (local @ axis)[:, None] * axis
    x, y, z = axis
    across = local @ np.array([[0, z, -y], [-z, 0, x], [y, -x, 0]])

    def at(angles: Floats) -> Floats:
        cos, sin = np.cos(angles)[:, None], np.sin(angles)[:, None]
        return np.asarray(local * cos + across * sin + along * (1 - cos))

    straight = local + weight[:, None] * (at(np.array([angle])) - local)
    taut = abs(angle) / np.pi
    return np.asarray(pivot + (1 - taut) * at(angle * weight) + taut * straight)


@cache
def _axis_angle(turn: Turn) -> tuple[Floats, float]:
    matrix = rotation_matrix(turn)
    values, vectors = np.linalg.eig(matrix)
    axis = np.real(vectors[:, int(np.argmin(np.abs(values - 1)))])
    axis = axis / np.linalg.norm(axis)
    cos = (np.trace(matrix) - 1) / 2
    curl = np.array([matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1]])
    return axis, float(np.arctan2(float(axis @ curl) / 2, cos))
