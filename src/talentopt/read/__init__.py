"""Files -> Scenario: tables, models, calendar, every error with its cell.

The package can be called: ``talentopt.read(path)`` is
`talentopt.read.reader.read`.
"""

from talentopt.verb import make_callable

make_callable(__name__, "talentopt.read.reader", "read")
