"""The whole problem as one mixed-integer linear model, for monolithic solvers.

Every rule is lowered to rows exactly once, here. `encode` returns arrays that
any solver takes; the model translates between assignments and its columns.
"""

from talentopt.problem.encode.encode import encode
from talentopt.problem.encode.linear import LinearModel

__all__ = ["LinearModel", "encode"]
