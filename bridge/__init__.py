"""The bridge: starts and watches Blender, recovers sessions, and answers REST while Blender is down or busy."""
