"""What triangles cover, pixel by pixel."""

import numpy as np

from addon.scene.review.raster import Floats, Ints, draw

NONE = np.zeros((0, 3, 3))


def drawn(points: list[list[float]], triangles: list[list[int]], *, edge: bool = False) -> Floats:
    buffer = np.zeros((50, 80), dtype=np.float32)
    draw(buffer, np.array(points), np.array(triangles, dtype=np.int64), NONE, edge=edge)
    return buffer.astype(np.float64)


def square(left: float, low: float, right: float, high: float, near: float) -> list[list[float]]:
    return [[left, low, near], [right, low, near], [right, high, near], [left, high, near]]


TWO = [[0, 1, 2], [0, 2, 3]]


def test_a_square_covers_its_pixels_without_holes() -> None:
    buffer = drawn(square(10.2, 5.2, 60.8, 40.8, 1.0), TWO)
    rows, columns = np.nonzero(buffer)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (5, 40, 10, 60)
    assert np.count_nonzero(buffer) == 36 * 51


def test_a_hair_between_two_rows_of_middles_is_drawn() -> None:
    buffer = drawn([[3.0, 7.1, 1.0], [70.0, 7.1, 1.0], [70.0, 7.101, 1.0]], [[0, 1, 2]])
    assert set(np.nonzero(buffer[7])[0]) == set(range(3, 71))
    assert np.count_nonzero(buffer) == 68


def test_a_speck_smaller_than_a_pixel_is_drawn() -> None:
    buffer = drawn([[20.1, 20.1, 1.0], [20.2, 20.1, 1.0], [20.1, 20.2, 1.0]], [[0, 1, 2]])
    assert np.argwhere(buffer).tolist() == [[20, 20]]


def test_the_nearer_of_two_stays_whichever_is_drawn_first() -> None:
    far, near = square(10, 10, 40, 40, 1.0), square(20, 20, 30, 30, 2.0)
    both = [[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]]
    assert np.array_equal(drawn(far + near, both), drawn(far + near, both[::-1]))
    assert drawn(far + near, both)[25, 25] == 2.0
    assert drawn(far + near, both)[15, 15] == 1.0


def test_closeness_is_that_of_the_middle_of_the_pixel() -> None:
    slanted = [[0.0, 0.0, 1.0], [80.0, 0.0, 9.0], [80.0, 50.0, 9.0], [0.0, 50.0, 1.0]]
    assert np.allclose(drawn(slanted, TWO)[25], 1 + (np.arange(80) + 0.5) / 10, atol=0.051)
    assert np.abs(drawn(slanted, TWO)[25, 1:-1] - (1 + (np.arange(1, 79) + 0.5) / 10)).mean() < 0.01


def test_what_is_outside_is_left_out_or_drawn_at_the_edge() -> None:
    points = square(-500.0, 10.0, -400.0, 20.0, 1.0)
    assert not drawn(points, TWO).any()
    assert set(np.nonzero(drawn(points, TWO, edge=True))[1].tolist()) == {0}


def test_a_triangle_that_fills_everything_fills_everything() -> None:
    triangles: Ints = np.array([[0, 1, 2]])
    buffer = drawn([[-1e4, -1e4, 1.0], [1e4, -1e4, 1.0], [0.0, 1e4, 1.0]], triangles.tolist())
    assert buffer.all()
