from compile.cases import build

__all__ = ["build"]
