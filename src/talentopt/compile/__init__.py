"""Scenario -> Problem: one file per rule, every rule compiled once."""
