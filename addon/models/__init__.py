"""The words everything else speaks: pydantic models and the exception tree. No I/O, no bpy, any thread."""
