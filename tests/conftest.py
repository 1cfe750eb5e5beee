"""The order of the suite: what takes long begins first, so that no core is left to wait for it at the end."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stress, then other tests with real Blenders, then the rest."""
    items.sort(key=lambda item: (not _has(item, "stress"), not _has(item, "blender")))


def _has(item: pytest.Item, marker: str) -> bool:
    return item.get_closest_marker(marker) is not None
