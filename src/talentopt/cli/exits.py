"""Exit codes; wrong use is click's own 2, and 70 is the EX_SOFTWARE of sysexits.h."""

FAILED = 1
INVALID = 3
NO_PLAN = 4
INTERNAL = 70
INTERRUPTED = 130
