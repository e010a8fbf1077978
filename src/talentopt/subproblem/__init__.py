"""A small problem cut out of a plan, where some are free and all others stay."""
