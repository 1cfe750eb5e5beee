"""What things are made of, as data: recipes in ``recipes/*.toml`` and the code that loads them. No bpy."""
