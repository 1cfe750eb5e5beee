"""What the panel's buttons do. Main thread; the work itself is the desk's."""
