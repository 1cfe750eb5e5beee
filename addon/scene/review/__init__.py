"""The reviewer: what is seen of a scene and its picture, what is wrong with it, and what mends it."""

from .prepare import correct_picture, prepare_scene, review_picture

__all__ = ["correct_picture", "prepare_scene", "review_picture"]
