"""Assignment -> Plan -> files: tables that a planner reads, and their folder."""
