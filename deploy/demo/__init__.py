"""A mutual of synthetic members lives through one month, through the same doors as everybody else."""
