from audit.cases import judge

__all__ = ["judge"]
