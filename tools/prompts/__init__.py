"""Plans, builds and checks prompts: what was asked for against the finished scene.blend and a pass of object indices.

Only ``make`` knows the add-on. Everything else reads the file that was saved, as anybody could who has only that.
"""
