"""Benchmarks: solvers side by side on instance sets, measured from outside."""
