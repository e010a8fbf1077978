"""The audit shares no code with compile or the solvers."""

import ast
from pathlib import Path

import talentopt.audit

ALLOWED = ("talentopt.audit", "talentopt.read", "talentopt.verb")
MODULES = sorted(Path(talentopt.audit.__file__).parent.glob("*.py"))


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            yield node.module
            if node.module == "talentopt":
                yield from (f"talentopt.{alias.name}" for alias in node.names)


def ours(name):
    return name == "talentopt" or name.startswith("talentopt.")


def test_audit_imports_only_read():
    assert len(MODULES) > 10
    for path in MODULES:
        for name in imports(path):
            if ours(name) and name != "talentopt":
                assert name.startswith(ALLOWED), f"{path.name} imports {name}"


def test_read_imports_nothing_above_it():
    """What the audit does import leads to no compile or solver either."""
    import talentopt.read

    for path in sorted(Path(talentopt.read.__file__).parent.glob("*.py")):
        for name in imports(path):
            if ours(name):
                allowed = name.startswith(("talentopt.read", "talentopt.verb"))
                assert allowed, f"{path.name} imports {name}"
