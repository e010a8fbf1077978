"""Where and with what a benchmark ran."""

from __future__ import annotations

import contextlib
import os
import platform
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from talentopt.bench.runs import sources_hash

PACKAGES = (
    "talentopt", "ortools", "highspy", "PuLP", "numpy", "scipy", "numba", "pandas",
    "timefold", "matching",
)  # fmt: skip


def describe(command: list[str]) -> dict[str, Any]:
    """Describe versions, machine, commit and command.

    Parameters
    ----------
    command : list of str
        As typed.
    """
    return {
        "command": shlex.join(command),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "HEAD"),
        "changed_since_commit": bool(_git("status", "--porcelain", "--", ":/src", ":/benchmarks")),
        "sources": sources_hash(),
        "python": platform.python_version(),
        "versions": _versions(),
        "machine": {
            "system": platform.platform(),
            "processor": _processor(),
            "cores": os.cpu_count(),
            "usable_cores": _usable(),
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
            "load_at_start": round(os.getloadavg()[0], 2),
        },
    }


def _git(*arguments: str) -> str:
    """Ask git about the source tree; blank outside one."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _usable() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
