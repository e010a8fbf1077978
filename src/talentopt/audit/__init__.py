"""Scenario + Plan -> verdict, from the files alone.

Imports `talentopt.read` and nothing else that reads, compiles or solves, so that
an error in compile or in a solver cannot repeat itself here. The package can be
called: ``talentopt.audit(scenario, plan)`` is `talentopt.audit.check.audit`.
"""

from talentopt.verb import make_callable

make_callable(__name__, "talentopt.audit.check", "audit")
