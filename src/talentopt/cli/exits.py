"""Exit codes, as the contract has them; wrong use is click's own 2."""

FAILED = 1
INVALID = 3
NO_PLAN = 4
INTERRUPTED = 130
