"""The artist's own assets: found in libraries, measured, and appended. Main thread of a background Blender."""

from .find import asset_folders, find_assets
from .take import AssetGone, appended_asset

__all__ = ["AssetGone", "appended_asset", "asset_folders", "find_assets"]
