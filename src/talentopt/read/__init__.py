"""Files -> Scenario: tables, models, calendar, every error with its cell."""
