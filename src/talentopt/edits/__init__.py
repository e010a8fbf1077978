"""A planner's changes to ``plan.xlsx``, taken back as fixed and forbidden entries."""
