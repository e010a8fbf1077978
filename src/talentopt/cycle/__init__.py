"""The next cycle: what changes from one plan to the next, and why."""
