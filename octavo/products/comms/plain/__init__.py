"""The plain REST paths that concern messaging, over the same actions as everything else."""
