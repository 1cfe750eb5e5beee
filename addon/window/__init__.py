"""What one Blender window keeps beside it: its folder's sessions as a snapshot, and the Blender that works on them.

No bpy here: everything runs in threads of its own, so that the window never waits.
"""
