"""The camera as numbers: world points → pixels of a small picture with room around it. Pure; any thread."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .raster import Floats, Ints, quartered

__all__ = ["AREA", "View", "small_size"]

AREA = 320 * 180
"""Pixels of the frame in an index pass."""
_NEAR_SPLITS = 5


def small_size(width: int, height: int, area: int) -> tuple[int, int]:
    """Columns and rows of about ``area`` pixels in the shape of a picture."""
    columns = max(8, round((area * width / max(1, height)) ** 0.5))
    return columns, max(8, round(area / columns))


@dataclass(frozen=True)
class View:
    """A camera. ``to_camera`` and ``projection`` are 4 × 4 matrices as Blender gives them.

    The canvas is the frame with half of it added on every side: what is cut off is drawn there.
    Closeness is 1 / depth in metres, or ``reach`` - depth where parallel lines stay parallel.
    """

    to_camera: Floats
    projection: Floats
    columns: int
    rows: int
    orthographic: bool
    near: float
    reach: float

    @property
    def margin(self) -> tuple[int, int]:
        """Columns and rows of the canvas before the frame begins."""
        return self.columns // 2, self.rows // 2

    @property
    def canvas(self) -> tuple[int, int]:
        """Rows and columns of the canvas."""
        return self.rows + 2 * self.margin[1], self.columns + 2 * self.margin[0]

    def drawn(self, points: Floats, triangles: Ints, *, closed: bool = False) -> tuple[Floats, Ints, Floats]:
        """World points (n, 3) and their triangles as ``raster.draw`` takes them; cut where they pass the camera.

        ``closed``: those that look away are left out, as others hide them.
        """
        local = points @ self.to_camera[:3, :3].T + self.to_camera[:3, 3]
        before = -local[:, 2] > self.near
        if before.all():
            pixels = self._projected(local)
            return pixels, triangles[_look_here(pixels, triangles)] if closed else triangles, np.zeros((0, 3, 3))
        count = before[triangles].sum(axis=1)
        loose = self._cut(local[triangles[(count > 0) & (count < 3)]])
        kept = np.cumsum(before) - 1
        return self._projected(local[before]), kept[triangles[count == 3]], loose

    def depth(self, closeness: Floats) -> Floats:
        """Metres along the view."""
        return self.reach - closeness if self.orthographic else 1 / np.maximum(closeness, 1e-12)

    def _cut(self, crossing: Floats) -> Floats:
        """Parts of triangles (camera space) that lie before the camera, to within a thirtieth of their size."""
        whole = [np.zeros((0, 3, 3))]
        for _ in range(_NEAR_SPLITS):
            parts = quartered(crossing)
            before = (-parts[:, :, 2] > self.near).sum(axis=1)
            whole.append(parts[before == 3])
            crossing = parts[(before > 0) & (before < 3)]
        every = np.concatenate(whole)
        return self._projected(every.reshape(-1, 3)).reshape(-1, 3, 3)

    def _projected(self, local: Floats) -> Floats:
        """Pixels on the canvas from its lower left, and closeness."""
        clip = local @ self.projection[:, :3].T + self.projection[:, 3]
        place = 0.5 + 0.5 * clip[:, :2] / clip[:, 3:]
        pixels = place * (self.columns, self.rows) + self.margin
        closeness = self.reach + local[:, 2] if self.orthographic else -1 / local[:, 2]
        return np.column_stack([pixels, closeness])


def _look_here(pixels: Floats, triangles: Ints) -> NDArray[np.bool_]:
    """Which triangles go round counterclockwise in the picture, as those do that look at the camera."""
    x, y = pixels[:, 0], pixels[:, 1]
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    return np.asarray((x[b] - x[a]) * (y[c] - y[a]) > (x[c] - x[a]) * (y[b] - y[a]))
