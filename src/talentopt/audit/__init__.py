"""Scenario + Plan -> verdict, from the files alone.

Imports `talentopt.read` and nothing else of this package, so that an error in
compile or in a solver cannot repeat itself here.
"""
