"""Speed as ratios against the bare cost, measured in the same run. ``make bench``."""
