"""Published plans as a history, in SQLite or PostgreSQL."""
