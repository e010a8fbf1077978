"""Folders that appear whole or not at all."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def written_whole(target: Path, *, replace: bool) -> Iterator[Path]:
    """Give a temporary folder that becomes `target` when the block ends well.

    Everything in it reaches the disk before it gets its name. When the block
    fails, nothing is left.

    Parameters
    ----------
    target : Path
    replace : bool
        Put it in the place of a folder that is there. Otherwise only an empty
        folder is replaced.

    Raises
    ------
    FileExistsError
        If there is something at the target already.
    """
    target = Path(os.path.realpath(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name[:100]}.", dir=target.parent))
    try:
        yield work
        _sync(work)
        # mkdtemp makes private folders; a plan is as open as any new folder.
        work.chmod(0o777 & ~_umask())
        _move(work, target, replace=replace)
        _sync_folder(target.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _move(work: Path, target: Path, *, replace: bool) -> None:
    """Give the new folder its name; what was there is in `work` afterwards, or gone."""
    try:
        work.rename(target)
    except OSError as error:
        if not replace:
            raise FileExistsError(f"{target} already exists and is not empty") from error
        if not _exchange(work, target):
            old = work.with_name(f"{work.name}.old")
            target.rename(old)
            work.rename(target)
            shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two names in one step, where the system can; Linux only."""
    with contextlib.suppress(OSError, AttributeError):
        swap = ctypes.CDLL(None, use_errno=True).renameat2
        names = os.fsencode(one), os.fsencode(other)
        return bool(swap(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)
    return False


def _sync(folder: Path) -> None:
    """Bring everything below a folder to the disk."""
    for where, _, files in os.walk(folder):
        for name in files:
            with open(Path(where, name), "rb") as file:
                os.fsync(file.fileno())
        _sync_folder(Path(where))


def _sync_folder(folder: Path) -> None:
    # Systems that cannot open a folder write its names at once anyway.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
