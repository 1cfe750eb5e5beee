"""Recipe → meshes as arrays: every solid of the recipe language, and how parts become a thing. Main thread only."""
