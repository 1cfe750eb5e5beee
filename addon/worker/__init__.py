"""The worker: claims sessions and runs their stages on Blender's main thread. No bpy: it gets a SceneBackend."""
