"""Formats of labels: apart from their reading, so that a command's help loads nothing."""

from __future__ import annotations

from enum import StrEnum


class LabelLayout(StrEnum):
    """Published formats of what people said."""

    SUMMEDITS = "summedits"
    SUMMHAY = "summhay"
    EXPERTQA = "expertqa"
