"""Matchings: flows, generalised assignment, distinct providers, rows and worst-off."""
