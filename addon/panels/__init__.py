"""The sidebar's tab. Main thread; ``draw`` only draws, from the desk's last snapshot."""
