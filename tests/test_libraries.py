"""The solver libraries live in one process and answer rightly.

Some releases of highspy crash beside OR-Tools, and some answer wrongly
(HiGHS#2957). Whoever raises a pin learns it here: the least 2x + 3z with
x + z >= 4.5, x >= 0 and z >= 0 whole is 9, at x = 4.5 and z = 0.
"""

import itertools
import subprocess
import sys

import pytest

HIGHSPY = """
import highspy
model = highspy.Highs()
model.setOptionValue("output_flag", False)
inf = highspy.kHighsInf
model.addVar(0, inf)
model.addVar(0, inf)
model.changeColCost(0, 2)
model.changeColCost(1, 3)
model.changeColIntegrality(1, highspy.HighsVarType.kInteger)
model.addRow(4.5, inf, 2, [0, 1], [1, 1])
model.run()
assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
answers["highspy"] = model.getInfo().objective_function_value
"""

ORTOOLS = """
from ortools.sat.python import cp_model
from ortools.linear_solver import pywraplp
model = cp_model.CpModel()
z = model.new_int_var(0, 10, "z")
model.add(2 * z >= 9)
model.minimize(z)
solver = cp_model.CpSolver()
assert solver.solve(model) == cp_model.OPTIMAL and solver.objective_value == 5
for name in ("HIGHS", "SCIP"):
    solver = pywraplp.Solver.CreateSolver(name)
    x, z = solver.NumVar(0, 1e9, "x"), solver.IntVar(0, 10**6, "z")
    solver.Add(x + z >= 4.5)
    solver.Minimize(2 * x + 3 * z)
    assert solver.Solve() == pywraplp.Solver.OPTIMAL
    answers["ortools " + name] = solver.Objective().Value()
"""

PULP = """
import pulp
model = pulp.LpProblem("guard", pulp.LpMinimize)
x = model.add_variable("x", lowBound=0)
z = model.add_variable("z", lowBound=0, cat="Integer")
model += 2 * x + 3 * z
model += x + z >= 4.5
model.solve(pulp.HiGHS(msg=False))
assert pulp.LpStatus[model.status] == "Optimal"
answers["pulp HiGHS"] = pulp.value(model.objective)
"""

PARTS = {"highspy": HIGHSPY, "ortools": ORTOOLS, "pulp": PULP}


@pytest.mark.parametrize("order", list(itertools.permutations(PARTS)), ids="-".join)
def test_libraries_agree_in_every_order_of_import(order):
    checks = "assert len(answers) == 4, answers\nfor name, value in answers.items():\n"
    checks += "    assert abs(value - 9) < 1e-6, (name, value)\n"
    program = "answers = {}\n" + "".join(PARTS[name] for name in order) + checks
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr
