"""Benchmarks: instance sets, competitors, and adapters of public instances."""
