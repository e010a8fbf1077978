"""Problem -> Solution: solvers behind one protocol."""
