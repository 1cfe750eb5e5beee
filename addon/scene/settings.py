"""Render settings from a request's options: presets, engines by one name, device and denoiser. Main thread.

Everything is set in the scene itself, so F12 in the saved file gives the same picture.
"""

import ctypes
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import bpy

from ..models.session import Device, Engine, Options, Preset

__all__ = ["apply_settings", "denoisers", "gpu_types", "resolution_of"]


@dataclass(frozen=True)
class Quality:
    """What a preset means: pixels, samples with a denoiser, samples without one."""

    resolution: tuple[int, int]
    samples: int
    samples_undenoised: int
    denoise: str
    bounces: int


PRESETS = {
    Preset.DRAFT: Quality((960, 540), 2, 12, "FAST", 2),
    Preset.STANDARD: Quality((1280, 720), 4, 24, "FAST", 5),
    Preset.FINAL: Quality((1920, 1080), 128, 384, "HIGH", 10),
}

STAMPS = (
    "camera", "date", "filename", "frame", "frame_range", "hostname", "labels", "lens", "marker", "memory",
    "note", "render_time", "scene", "sequencer_strip", "time",
)  # fmt: skip


@cache
def denoisers() -> tuple[str, ...]:
    """Denoisers that this build has. Asking for one that it lacks would cancel the render."""
    try:
        import _cycles  # type: ignore[import-not-found]  # noqa: PLC0415 - only inside Blender with Cycles
    except ImportError:
        return ()
    return ("OPENIMAGEDENOISE",) if getattr(_cycles, "with_openimagedenoise", False) else ()


@cache
def gpu_types() -> tuple[str, ...]:
    """Kinds of GPU on which Cycles can render here, best first."""
    try:
        import _cycles  # noqa: PLC0415
    except ImportError:
        return ()
    kinds = ("OPTIX", "CUDA", "HIP", "METAL", "ONEAPI")
    return tuple(kind for kind in kinds if any(device[1] == kind for device in _cycles.available_devices(kind)))


def resolution_of(options: Options) -> tuple[int, int]:
    """Width and height in pixels."""
    return options.resolution or PRESETS[options.preset].resolution


def apply_settings(scene: Any, options: Options, exposure: float) -> list[str]:
    """Everything that decides the picture but light and camera. Returns warnings."""
    warnings: list[str] = []
    render = scene.render
    render.resolution_x, render.resolution_y = resolution_of(options)
    render.resolution_percentage = 100
    render.film_transparent = False
    render.use_persistent_data = False
    render.filepath = "//render.png"
    # Date and duration in the file would make equal pictures unequal, and its path is nobody's business.
    for stamp in STAMPS:
        setattr(render, f"use_stamp_{stamp}", False)
    # Keeps colours as they are named up to the highlights, which it rolls off; AgX would bleach them.
    scene.view_settings.view_transform = "Khronos PBR Neutral"
    scene.view_settings.look = "None"
    scene.view_settings.exposure = exposure
    engine = _usable(options.engine, warnings)
    render.engine = _identifier(engine)
    if engine is Engine.CYCLES:
        _cycles_settings(scene, options, warnings)
    elif engine is Engine.EEVEE:
        scene.eevee.taa_render_samples = options.samples or PRESETS[options.preset].samples_undenoised
    return warnings


def _identifier(engine: Engine) -> str:
    if engine is Engine.EEVEE and bpy.app.version < (5, 0, 0):
        return "BLENDER_EEVEE_NEXT"
    return {Engine.CYCLES: "CYCLES", Engine.EEVEE: "BLENDER_EEVEE", Engine.WORKBENCH: "BLENDER_WORKBENCH"}[engine]


def _usable(engine: Engine, warnings: list[str]) -> Engine:
    """The engine asked for, or Cycles where that one would end the process."""
    if engine is Engine.CYCLES or not bpy.app.background or not sys.platform.startswith("linux"):
        return engine
    try:
        ctypes.CDLL("libEGL.so.1")
    except OSError:
        # Blender exits on the spot when it cannot load EGL, so it must not even try.
        warnings.append(f"There is no OpenGL on this machine for {engine.value}; Cycles is used instead.")
        return Engine.CYCLES
    return engine


def _cycles_settings(scene: Any, options: Options, warnings: list[str]) -> None:
    quality, cycles = PRESETS[options.preset], scene.cycles
    cycles.device = _device(options.device, warnings)
    has_denoiser = bool(denoisers())
    cycles.use_denoising = has_denoiser
    if has_denoiser:
        cycles.denoiser = "OPENIMAGEDENOISE"
        cycles.denoising_quality = quality.denoise
        cycles.denoising_prefilter = "FAST"
        cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    elif options.samples is None:
        warnings.append("This Blender has no denoiser; more samples are rendered instead.")
    cycles.samples = options.samples or (quality.samples if has_denoiser else quality.samples_undenoised)
    # Few samples that differ from their neighbours' leave the denoiser far more to work with.
    with suppress(TypeError):  # not in every version
        cycles.sampling_pattern = "BLUE_NOISE"
    cycles.seed, cycles.use_animated_seed = options.seed, False
    # Adaptive sampling only pays off with many samples; with few it leaves blotches.
    cycles.use_adaptive_sampling = cycles.samples > 64
    cycles.adaptive_threshold = 0.01
    cycles.max_bounces = quality.bounces + 4
    # In a room every bounce meets another wall, and the third adds little but time.
    cycles.diffuse_bounces = min(4, 1 + quality.bounces // 2)
    cycles.glossy_bounces = min(6, quality.bounces)
    cycles.transmission_bounces = quality.bounces + 4
    cycles.transparent_max_bounces = 8
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.blur_glossy = 0.5
    # Pays off with many lights; with a handful it costs more than it saves.
    cycles.use_light_tree = False
    cycles.sample_clamp_indirect = 4.0


def _device(wanted: Device, warnings: list[str]) -> str:
    """GPU where one is wanted and there; the preferences are only touched in a background process, never saved."""
    if wanted is Device.CPU:
        return "CPU"
    kinds = gpu_types()
    if not kinds:
        if wanted is Device.GPU:
            warnings.append("Cycles finds no GPU on this machine; the CPU is used instead.")
        return "CPU"
    if bpy.app.background:
        context: Any = bpy.context
        preferences = context.preferences.addons["cycles"].preferences
        preferences.compute_device_type = kinds[0]
        preferences.refresh_devices()
        for device in preferences.devices:
            device.use = device.type == kinds[0]
    return "GPU"
