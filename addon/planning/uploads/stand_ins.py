"""A box for each file, so that words, sizes and layout treat it as any thing. Pure, any thread."""

from ...models.parts import Box
from ...models.recipe import Recipe, Slot, Surface
from ...models.uploads import Upload, UploadKind

__all__ = ["FRAME_BORDER", "stand_in"]

FRAME_BORDER = 0.045
"""Width of a frame's bars, as a share of the picture's longer side with its frame."""
_LOGO_M, _LOGO_DEPTH = 0.8, 0.16
_PICTURE_M, _FRAME_DEPTH, _STAND_DEPTH = 0.7, 0.05, 0.3
_LEAST_M, _MOST_M, _USUAL_M = 0.05, 30.0, 0.5
_UNITS = {".glb": 1.0, ".obj": 1.0, ".stl": 0.001}


def stand_in(name: str, upload: Upload, *, hung: bool) -> Recipe:
    """The recipe called ``name`` that stands for a file: its size in metres, slots, and where others can stand."""
    size = _size(upload, hung=hung)
    width, depth, height = size
    # A logo's top is as uneven as its outline, and a frame's as narrow as itself: nothing stands on them.
    top = {"top": Surface(at=(0, 0, height), size=(width * 0.6, depth * 0.6))}
    return Recipe(
        name=name,
        category="upload",
        size=size,
        slots=_slots(upload),
        surfaces=top if upload.kind is UploadKind.MODEL else {},
        parts=[Box(name="box", shape="box", slot=next(iter(_slots(upload))), size=size, pivot="bottom")],
    )


def _slots(upload: Upload) -> dict[str, Slot]:
    if upload.kind is UploadKind.LOGO:
        return {
            f"fill_{number}": Slot(material="plastic", color=color, paintable=True)
            for number, color in enumerate(upload.colors, 1)
        }
    if upload.kind is UploadKind.PICTURE:
        return {"frame": Slot(material="dark_wood", color="#4a2f1d", paintable=True)}
    return {"body": Slot(material="plastic", color="#b9bec6", paintable=True)}


def _size(upload: Upload, *, hung: bool) -> tuple[float, float, float]:
    width, depth, height = upload.extent
    if upload.kind is UploadKind.LOGO:
        return _fitted(width, height, _LOGO_M, _LOGO_DEPTH * _LOGO_M)
    if upload.kind is UploadKind.PICTURE:
        inside = _PICTURE_M * (1 - 2 * FRAME_BORDER) / max(width, height)
        border = 2 * FRAME_BORDER * _PICTURE_M
        across, up = width * inside + border, height * inside + border
        return (across, _FRAME_DEPTH if hung else up * _STAND_DEPTH, up)
    unit = _UNITS["." + upload.file.rpartition(".")[2]]
    largest = max(upload.extent)
    if not _LEAST_M <= largest * unit <= _MOST_M:
        unit = _USUAL_M / largest
    # A sheet without thickness still needs a box that has some.
    least = 0.002 * largest * unit
    return (max(width * unit, least), max(depth * unit, least), max(height * unit, least))


def _fitted(width: float, height: float, largest: float, depth: float) -> tuple[float, float, float]:
    scale = largest / max(width, height)
    return (max(width * scale, 0.01), depth, max(height * scale, 0.01))
