"""Published data sets as articles and cases; a module a set."""

from eval.suites.sets.content import SetArticle, SetContent
from eval.suites.sets.registry import read_set

__all__ = ["SetArticle", "SetContent", "read_set"]
