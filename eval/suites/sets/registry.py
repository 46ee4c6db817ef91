"""Which module reads which set."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from eval.suites.cases import SetName, SetSource
from eval.suites.sets.content import SetContent
from vectorstore import SourceError

_MODULES = {
    SetName.XQUAD_R: "xquad",
    SetName.NTREX: "ntrex",
    SetName.MULTIHOP_RAG: "multihop",
    SetName.RGB: "rgb",
    SetName.SQUAD_2: "squad",
    SetName.SUMMEDITS: "summedits",
    SetName.BEIR: "beir",
}


def read_set(source: SetSource, data: Path) -> SetContent:
    """The articles and cases of one part of a set in the folder `data`.

    Raises:
        SourceError: a file is damaged, or the set has no such part.
    """
    module = import_module(f"eval.suites.sets.{_MODULES[source.set]}")
    parts: dict[str, Callable[[SetSource, Path], SetContent]] = module.PARTS
    read = parts.get(source.part)
    if read is None:
        raise SourceError(f"{source.set} has no part “{source.part}”; its parts are {', '.join(parts)}")
    return read(source, data)
