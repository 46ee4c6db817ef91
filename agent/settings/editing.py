"""Changing the settings file: one value at a time, checked first, with its comments left as they are."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from decimal import Decimal
from functools import reduce
from operator import attrgetter, getitem
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

import tomlkit
from filelock import FileLock
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from tomlkit.exceptions import TOMLKitError

from agent.settings.loading import (
    Settings,
    declared_settings,
    describe_input,
    find_field,
    has_setting,
    is_secret,
    suggest,
)
from agent.settings.paths import find_paths
from vectorstore import SetupError, replace_file

_PRIVATE = 0o600


class _FileAlone(Settings):
    """The settings as a file alone makes them: today's environment must not decide what is written."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: Any,
        **others: Any,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def set_setting(name: str, text: str) -> None:
    """Write a value, as the environment would have it and lists in TOML's spelling, into the settings file.

    Raise SetupError, with nothing changed, where there is no such setting, it cannot have this value, or the
    file is not TOML, has other mistakes or cannot be written.
    """
    _refuse_unknown(name)
    with _changing() as document:
        value = _parse(name, text)
        # Put before it is checked: whether it is a good one depends on the rest of the file too.
        _put(document, name, value)
        _put(document, name, _plain(_validate(document, name)))


def unset_setting(name: str) -> bool:
    """Take a value, of a setting or of none, out of the settings file; False when it is not in it."""
    *sections, last = name.split(".")
    with _changing() as document:
        if not has_setting(document, name):
            return False
        del reduce(getitem, sections, document)[last]
    return True


def _refuse_unknown(name: str) -> None:
    names = declared_settings()
    if name in names:
        return
    inside = [known for known in names if known.startswith(f"{name}.")]
    if inside:
        raise SetupError(f"`{name}` is a section. Name one of its settings: {', '.join(inside)}.")
    raise SetupError(f"`{name}` is not a setting.{suggest(name)} `pullquote config` lists them.")


def _parse(name: str, text: str) -> Any:
    field = find_field(name)
    if field is None or not _is_collection(field.annotation):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError as error:
        raise SetupError(
            f"Setting `{name}` cannot be {describe_input(name, text)}: write it as in "
            f'`pullquote config set {name} \'["one", "two"]\'`. Nothing has been changed.'
        ) from error


def _is_collection(annotation: Any) -> bool:
    if isinstance(annotation, UnionType):
        return any(_is_collection(part) for part in get_args(annotation))
    return (get_origin(annotation) or annotation) in (tuple, list, set, frozenset, dict)


def _put(document: tomlkit.TOMLDocument, name: str, value: Any) -> None:
    *sections, last = name.split(".")
    here: MutableMapping[str, Any] = document
    for section in sections:
        if section not in here:
            here[section] = tomlkit.table()
        here = here[section]
        if not isinstance(here, MutableMapping):
            file = find_paths().settings_file
            raise SetupError(f"`{section}` in {file} is a value and should be a section. Correct that first.")
    here[last] = value


def _validate(document: tomlkit.TOMLDocument, name: str) -> object:
    """Return the value of `name` as the settings understand it."""
    try:
        settings = _FileAlone(**document.unwrap())
    except ValidationError as error:
        raise SetupError("\n".join(_explain(detail, name) for detail in error.errors())) from error
    value: object = attrgetter(name)(settings)
    return value


def _explain(detail: Any, name: str) -> str:
    place = ".".join(str(part) for part in detail["loc"])
    if place == name or place.startswith(f"{name}."):
        shown = describe_input(name, detail["input"])
        return f"Setting `{name}` cannot be {shown}: {detail['msg']}. Nothing has been changed."
    file = find_paths().settings_file
    if detail["type"] == "extra_forbidden":
        return f"`{place}` in {file} is not a setting. Take it out first: pullquote config unset {place}"
    shown = describe_input(place, detail["input"])
    return f"Setting `{place}` in {file} cannot be {shown}: {detail['msg']}. Correct that first."


def _plain(value: object) -> Any:
    """Return a value as TOML has it."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Path):
        return str(value if value.parts[:1] and value.parts[0].startswith("~") else value.absolute())
    if isinstance(value, (tuple, list, set, frozenset)):
        return [_plain(part) for part in value]
    if isinstance(value, BaseModel):
        given = value.model_dump(exclude_unset=True)
        return {name: _plain(part) for name, part in given.items() if part is not None}
    return value


@contextmanager
def _changing() -> Iterator[tomlkit.TOMLDocument]:
    """Yield the settings file's contents, and write them back when the block has changed them."""
    named = find_paths().settings_file
    try:
        file = named.resolve()
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(file.with_name(f".{file.name}.lock")):
            before = file.read_bytes().decode() if file.exists() else ""
            document = tomlkit.parse(before)
            yield document
            after = tomlkit.dumps(document)
            if after != before:
                # A key, or what may become one, is for the owner alone.
                values = document.unwrap()
                has_secret = any(has_setting(values, name) for name in filter(is_secret, declared_settings()))
                is_private = has_secret or not file.exists()
                mode = _PRIVATE if is_private else file.stat().st_mode & 0o777
                replace_file(file, after, is_lasting=True, mode=mode)
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise SetupError(f"{named} is not valid TOML: {error}. Correct it, or move the file away.") from error
    except OSError as error:
        raise SetupError(
            f"{named} cannot be changed ({error.strerror}). Look at the permissions of the file and its "
            "folder with `ls -la`."
        ) from error
