"""The camera as the layout places it. Main thread."""

from typing import Any

import bpy
from mathutils import Vector

from ..models.layout import CameraPlacement
from .extent import Extent

__all__ = ["build_camera"]

NAME = "Camera"


def build_camera(scene: Any, placement: CameraPlacement, extent: Extent) -> Any:
    """The scene's camera object, made or moved, sharp where the layout says (all over when it says nothing)."""
    thing = bpy.data.objects.get(NAME)
    if thing is None:
        thing = bpy.data.objects.new(NAME, bpy.data.cameras.new(NAME))
        scene.collection.objects.link(thing)
    camera: Any = thing.data
    look = Vector(placement.target) - Vector(placement.position)
    thing.location = placement.position
    thing.rotation_euler = look.to_track_quat("-Z", "Y").to_euler()
    camera.lens, camera.sensor_width = placement.lens_mm, placement.sensor_mm
    camera.type = "ORTHO" if placement.orthographic else "PERSP"
    if placement.ortho_scale is not None:
        camera.ortho_scale = placement.ortho_scale
    camera.clip_start = max(1e-4, extent.camera_distance * 0.005)
    camera.clip_end = max(1000.0, (extent.camera_distance + extent.radius) * 2000)
    _focus(camera, placement, extent)
    scene.camera = thing
    return thing


def _focus(camera: Any, placement: CameraPlacement, extent: Extent) -> None:
    camera.dof.use_dof = placement.focus_distance is not None
    if placement.focus_distance is None:
        return
    camera.dof.focus_distance = placement.focus_distance
    # A blur that reads as depth of field at every scale: the lens opening grows with the scene, as for a model
    # photographed with the same look.
    opening_m = extent.radius * 0.05
    camera.dof.aperture_fstop = max(0.01, min(64.0, placement.lens_mm / 1000 / opening_m))
