"""Column generation without tables of columns: a column is one person's whole itinerary."""
