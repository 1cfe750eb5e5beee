"""REST over the session store: one aiohttp app for Blender's server thread and for the bridge. No bpy."""
