"""Published data sets: what reading one gives, and which module reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from eval.suites.cases import Case, SetSource
from eval.suites.reading import describe_first
from vectorstore import SourceError


class SetArticle(BaseModel):
    """An article by the field names in which the library reads JSON Lines."""

    model_config = ConfigDict(frozen=True)

    id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    language: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SetContent:
    """Libraries by name, and the cases that are asked of them."""

    libraries: Mapping[str, Sequence[SetArticle]] = field(default_factory=dict)
    cases: Sequence[Case] = ()


class MissingSetError(SourceError):
    """A file of a set is not there; a suite may do without the set."""


class Record(BaseModel):
    """Base of a set's own records; fields that are not needed are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


_AnyRecord = TypeVar("_AnyRecord", bound=Record)


def read_records(path: Path, kind: type[_AnyRecord]) -> Iterator[_AnyRecord]:
    """Return records of a JSON Lines file. Raises SourceError if it cannot be read or a line is none."""
    for number, line in enumerate(_read(path).split("\n"), 1):
        if line.strip():
            yield _validate(path, f"line {number}", line, TypeAdapter(kind))


def read_array(path: Path, kind: type[_AnyRecord]) -> list[_AnyRecord]:
    """Return records of a file that is one JSON array, or JSON Lines. Raises SourceError if it is neither."""
    text = _read(path)
    if text.lstrip().startswith("["):
        return _validate(path, "", text, TypeAdapter(list[kind]))  # type: ignore[valid-type]
    return list(read_records(path, kind))


def read_object(path: Path, kind: type[_AnyRecord]) -> _AnyRecord:
    """Return the one JSON object of a file. Raises SourceError if it cannot be read, or is none."""
    return _validate(path, "", _read(path), TypeAdapter(kind))


_Any = TypeVar("_Any")


def _validate(path: Path, where: str, text: str, adapter: TypeAdapter[_Any]) -> _Any:
    place = f"{path} {where}".strip()
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        raise SourceError(f"{place}: {describe_first(error)}; download the file again") from error


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path} cannot be read ({error}); --data names the folder of the evaluation data, "
            "README says where to get it"
        ) from error


def find_file(data: Path, names: Sequence[str]) -> Path:
    """Return the first of these files that is there. Raises MissingSetError if none is."""
    for name in names:
        if (data / name).exists():
            return data / name
    raise MissingSetError(f"{data} has no {' or '.join(names)}")


def read_set(source: SetSource, data: Path) -> SetContent:
    """Return a part of a set in the folder `data`. Raises SourceError if it is damaged or unknown."""
    # A module is called as its set is.
    module = import_module(f"eval.suites.sets.{source.set.replace('-', '_')}")
    parts: dict[str, Callable[[SetSource, Path], SetContent]] = module.PARTS
    read = parts.get(source.part)
    if read is None:
        raise SourceError(f"{source.set} has no part “{source.part}”; its parts are {', '.join(parts)}")
    return read(source, data)
