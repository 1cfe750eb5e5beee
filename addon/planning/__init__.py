"""Prompt → ScenePlan → Layout. Pure Python, no bpy, any thread."""
