"""The order of the suite: what takes long begins first, so that no core is left to wait for it at the end."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stress, then other tests with real Blenders, then the rest; files stay together."""
    items.sort(key=lambda item: ("stress" not in item.keywords, "blender" not in item.keywords))
