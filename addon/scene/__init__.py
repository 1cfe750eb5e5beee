"""ScenePlan and Layout → Blender: geometry, materials, light, camera, render, export, review. Main thread only."""
