"""Prices on everything shared, and dives that turn them into plans; fast for many people."""
