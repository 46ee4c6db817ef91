"""Suites: cases with what must hold of their answers, and the articles they are asked of."""

from eval.suites.cases import Case, CaseClaim, CaseFilters, Gold, LibrarySource, SetName, SetSource, Suite

__all__ = ["Case", "CaseClaim", "CaseFilters", "Gold", "LibrarySource", "SetName", "SetSource", "Suite"]
