"""The SceneBackend on a real Blender: each call of the worker handed to the module that does it. Main thread.

The file in memory is the scene; all that is held is where assets are.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import bpy

from ..models.assets import Asset
from ..models.layout import Layout
from ..models.plan import ScenePlan
from ..models.recipe import Recipe
from ..models.session import Options
from ..worker.backend import BackendInfo, Report, Review
from .animation import animate
from .assemble import assemble
from .assets import asset_folders, find_assets
from .atmosphere import air_of
from .camera import build_camera
from .context import current_scene, refresh
from .export import export_glb
from .extent import azimuth_of, extent_of
from .files import open_file, reset_file, save_file
from .ground import open_walls
from .haze import set_haze
from .lights import build_lights
from .named import name_sky
from .paint import paint_things
from .render import render_picture
from .review import correct_picture, prepare_scene, review_picture
from .settings import apply_settings, denoisers, gpu_types
from .sky import build_sky
from .skyline import far_color
from .slide import slide_pairs
from .sources import Files, fit_backdrop
from .surroundings import hazy, paint_ground, scenery_of
from .video import can_encode
from .weather import build_weather

__all__ = ["BlenderBackend"]


class BlenderBackend:
    """What ``addon.worker.backend.SceneBackend`` asks for."""

    def __init__(self) -> None:
        self._assets: tuple[Path, ...] = ()

    def info(self) -> BackendInfo:
        """What this Blender is and can do."""
        devices = ("CPU", *gpu_types())
        # The module, which has no program, has no preferences that anybody could set: there, naming a model's
        # address is the permission.
        online = bpy.app.online_access or not bpy.app.binary_path
        return BackendInfo(bpy.app.version_string, denoisers(), devices, can_encode(), online)

    def use_assets(self, folders: Sequence[Path], shelf: Path) -> list[Asset]:
        """Assets of these folders and of the preferences. Only a background process: the file in memory is ours."""
        self._assets = asset_folders(folders)
        return find_assets(self._assets, shelf) if self._assets and bpy.app.background else []

    def reset(self) -> None:
        """Empty the file; nothing of an earlier session is left."""
        reset_file()

    def open(self, path: Path) -> None:
        """Open a checkpoint, never running scripts in it."""
        open_file(path)

    def save(self, path: Path) -> None:
        """Write the file in memory as a self-contained .blend. ``OSError`` when the disk refuses."""
        save_file(path)

    def build(
        self,
        plan: ScenePlan,
        layout: Layout,
        recipes: Mapping[str, Recipe],
        report: Report,
        folder: Path | None = None,
    ) -> list[str]:
        """Geometry of everything in the layout, and the ground. Returns warnings."""
        return assemble(plan, layout, recipes, report, Files(folder, self._assets))

    def texture(self, plan: ScenePlan, recipes: Mapping[str, Recipe], report: Report) -> list[str]:
        """Materials on everything built. Returns warnings."""
        air = air_of(plan)
        report(0.0, "Painting")
        warnings = paint_things(plan, recipes, hazy(plan, air))
        warnings += paint_ground(plan, air)
        report(1.0, "Painted")
        return warnings

    def stage(self, plan: ScenePlan, layout: Layout, options: Options) -> list[str]:
        """Light, world, camera and render settings. Returns warnings."""
        scene = current_scene()
        air, extent = air_of(plan), extent_of(layout)
        build_sky(scene, air, azimuth_of(layout.camera), scenery_of(plan))
        name_sky(scene, plan)
        build_lights(scene, plan, layout, extent, air)
        build_weather(scene, plan, layout, extent, air)
        build_camera(scene, layout.camera, extent)
        refresh()
        slide_pairs(plan, layout)
        open_walls(scene)
        if air.haze > 0:
            # Open water ends in a line, not in haze.
            length = air.haze * (6 if plan.ground.material == "water" else 1) * extent.radius
            # Fog begins among the things, so thin there that their colours stay what they are.
            clear = -0.15 if plan.environment.mood == "foggy" else 0.5
            start = max(0.0, extent.camera_distance + clear * extent.radius)
            set_haze(far_color(air, scenery_of(plan)), start, length)
        warnings = apply_settings(scene, options, air.exposure)
        # The frame is known only now, with the picture's width and height.
        fit_backdrop(scene, layout)
        return warnings

    def render(self, path: Path, options: Options, report: Report) -> None:
        """Render the scene to a PNG at ``path``, as ``stage`` set it up."""
        render_picture(path, report)

    def animate(self, plan: ScenePlan, layout: Layout, options: Options, folder: Path, report: Report) -> list[Path]:
        """Frames, and a video where this Blender can encode one."""
        return animate(layout, options, folder, report)

    def prepare(self, plan: ScenePlan, layout: Layout) -> Review:
        """Look at the scene before its picture is taken, and mend places and camera."""
        review = prepare_scene(plan, layout)
        refresh()
        fit_backdrop(current_scene(), layout)
        return review

    def review(self, plan: ScenePlan, layout: Layout, picture: Path, before: Review | None) -> Review:
        """Look at the scene from its camera and at the picture."""
        return review_picture(plan, layout, picture, before)

    def correct(self, plan: ScenePlan, layout: Layout, review: Review) -> list[str]:
        """Change light and background as the review asks. Returns what was changed."""
        return correct_picture(review)

    def export_glb(self, path: Path) -> None:
        """Write what was placed as GLB."""
        export_glb(path)
