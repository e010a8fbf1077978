"""Problem -> Solution: solvers behind one protocol.

The package can be called: ``talentopt.solve(scenario, ...)`` is
`talentopt.pipeline.solve`.
"""

from talentopt.verb import make_callable

make_callable(__name__, "talentopt.pipeline", "solve")
