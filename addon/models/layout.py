"""Layout: where everything of a ScenePlan stands and from where it is seen. Numbers only; made by ``planning``.

Units: metres and degrees, in the axes that ``plan`` describes.
"""

from .base import Strict

__all__ = ["CameraPlacement", "Layout", "Placement"]

Vector = tuple[float, float, float]


class Placement(Strict):
    """One instance of one object or text.

    ``position`` is where the thing's base centre stands (the recipe's origin); ``scale`` multiplies the recipe;
    ``rotation_z`` turns it counterclockwise seen from above; ``size`` is its box after scaling, before turning.
    ``worn``: it is on the head or before the eyes of what it is ``supported_by``, and shares room with it.
    """

    object_id: str
    instance: int
    recipe: str
    position: Vector
    rotation_z: float = 0.0
    scale: float = 1.0
    size: Vector
    supported_by: str | None = None
    worn: bool = False


class CameraPlacement(Strict):
    """Where the camera stands, what it looks at, and its lens. ``ortho_scale`` only when orthographic."""

    position: Vector
    target: Vector
    lens_mm: float
    sensor_mm: float = 36.0
    orthographic: bool = False
    ortho_scale: float | None = None
    focus_distance: float | None = None


class Layout(Strict):
    """The placed scene. ``unmet`` says which relations could not be satisfied, and why."""

    placements: list[Placement] = []
    camera: CameraPlacement
    unmet: list[str] = []
