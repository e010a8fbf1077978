"""Answers about a plan, by data or by re-solving: why, why not, what if, what else."""
