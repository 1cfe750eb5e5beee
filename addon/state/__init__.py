"""Sessions on disk: atomic files, index and queue, leases, verification, migration, recovery. No bpy."""
