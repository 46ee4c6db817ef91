"""All settings in one model. Later sources win: defaults, settings file, environment, flags."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from agent.settings.paths import DATA_VARIABLE, HOME_VARIABLE, find_paths
from agent.settings.sections import (
    AgentSettings,
    AnswerSettings,
    CheckSettings,
    ModelSettings,
    ReceiptSettings,
    SessionSettings,
    SlackSettings,
    TelemetrySettings,
)
from vectorstore import EmbedderSettings, LibrarySettings, ReadSettings, SearchSettings, SetupError

ENV_PREFIX = "PULLQUOTE_"
NESTED = "__"
_NOT_SETTINGS = frozenset({HOME_VARIABLE, DATA_VARIABLE})
"""Environment variables with our prefix that are not settings."""


class Settings(BaseSettings):
    """Pullquote's settings."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter=NESTED, extra="forbid", frozen=True, validate_default=True
    )

    library: Path = Field(default_factory=lambda: find_paths().library)
    """Folder of the library database and its index."""
    cache: Path = Field(default_factory=lambda: find_paths().cache)
    """Folder for what can be made again."""
    read: ReadSettings = ReadSettings()
    embedder: EmbedderSettings = EmbedderSettings()
    search: SearchSettings = SearchSettings()
    answer: AnswerSettings = AnswerSettings()
    receipts: ReceiptSettings = ReceiptSettings()
    sessions: SessionSettings = SessionSettings()
    model: ModelSettings = ModelSettings()
    agent: AgentSettings = AgentSettings()
    slack: SlackSettings = SlackSettings()
    checks: CheckSettings = CheckSettings()
    telemetry: TelemetrySettings = TelemetrySettings()

    @field_validator("library", "cache", mode="before")
    @classmethod
    def _refuse_no_folder(cls, value: object) -> object:
        """`Path` makes the working folder of "", which an unset variable in a script never means."""
        if isinstance(value, str) and not value.strip():
            raise PydanticCustomError("no_folder", "no folder is named; write . for the one you are in")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        *_: Any,
        **__: Any,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then environment, then the settings file; no `.env` is read from the working folder."""
        file_settings = TomlConfigSettingsSource(settings_cls, toml_file=find_paths().settings_file)
        return init_settings, env_settings, file_settings

    def for_library(self) -> LibrarySettings:
        """Return the settings that the library is opened with."""
        return LibrarySettings(
            path=self.library.expanduser(),
            cache=self.cache.expanduser(),
            read=self.read,
            embedder=self.embedder,
            search=self.search,
        )


def load_settings(flags: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings in force; `flags` are nested values given on the command line.

    Raise SetupError, naming the value, its source and how to correct it, where one cannot be.
    """
    _refuse_unknown_variables()
    file = find_paths().settings_file
    try:
        return Settings(**dict(flags or {}))
    except tomllib.TOMLDecodeError as error:
        raise SetupError(
            f"{file} is not valid TOML: {error}. Correct that line, or move the file away."
        ) from error
    except OSError as error:
        raise SetupError(f"{file} cannot be read: {error.strerror}. Check its permissions.") from error
    except ValidationError as error:
        raise SetupError(
            "\n".join(_explain(detail, flags or {}, file) for detail in error.errors())
        ) from error


def declared_settings(section: type[BaseModel] = Settings, prefix: str = "") -> Mapping[str, type[BaseModel]]:
    """Return the section that declares each setting, by its dotted name, in declaration order."""
    found: dict[str, type[BaseModel]] = {}
    for name, field in section.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found.update(declared_settings(kind, f"{prefix}{name}."))
        else:
            found[prefix + name] = section
    return found


def find_field(setting: str) -> FieldInfo | None:
    """Return how a dotted setting is declared; None for what is no setting, sections included."""
    section = declared_settings().get(setting)
    return section.model_fields[setting.rpartition(".")[2]] if section is not None else None


def is_secret(setting: str) -> bool:
    """Whether a setting's value is never to be shown."""
    field = find_field(setting)
    return field is not None and SecretStr in (field.annotation, *get_args(field.annotation))


def variable_name(setting: str) -> str:
    """Return the environment variable of a dotted setting."""
    return ENV_PREFIX + setting.replace(".", NESTED).upper()


def find_source(setting: str, flags: Mapping[str, Any]) -> str:
    """Return where a setting's value comes from: `flag`, a variable, the settings file or `default`."""
    if has_setting(flags, setting):
        return "flag"
    # Whatever its case, as pydantic-settings reads it.
    for variable in os.environ:
        if variable.upper() == variable_name(setting):
            return variable
    file = find_paths().settings_file
    if file.is_file() and has_setting(tomllib.loads(file.read_text("utf-8")), setting):
        return str(file)
    return "default"


def has_setting(values: Mapping[str, Any], setting: str) -> bool:
    """Whether nested values have a dotted setting."""
    here: Any = values
    for part in setting.split("."):
        if not isinstance(here, Mapping) or part not in here:
            return False
        here = here[part]
    return True


def _refuse_unknown_variables() -> None:
    """Raise SetupError for a misspelt variable, which pydantic-settings would ignore."""
    known = set(map(variable_name, declared_settings()))
    sections = {ENV_PREFIX + name.upper() for name in Settings.model_fields}
    for variable in sorted(os.environ):
        name = variable.upper()
        if name in sections - known and not _is_json_object(os.environ[variable]):
            raise SetupError(
                f"{variable} is a section and has to be a JSON object. One value at a time is easier: "
                f"{next(each for each in sorted(known) if each.startswith(name + NESTED))}=…"
            )
        if not name.startswith(ENV_PREFIX) or name in _NOT_SETTINGS | known | sections:
            continue
        near = get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise SetupError(
            f"{variable} is not a setting. {hint}`pullquote config` lists them; unset it or correct it."
        )


def _is_json_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _explain(detail: Any, flags: Mapping[str, Any], file: Path) -> str:
    name = ".".join(str(part) for part in detail["loc"])
    source = find_source(name, flags)
    if detail["type"] == "extra_forbidden":
        return f"`{name}` in {source} is not a setting.{suggest(name)} `pullquote config` lists them."
    return (
        f"Setting `{name}` cannot be {describe_input(name, detail['input'])}: {detail['msg']}. It comes from "
        f"{source}; correct it there (`pullquote config` lists the settings and their sources)."
    )


def suggest(setting: str) -> str:
    """Return a question for the setting that is spelt most like this; nothing where none is like it."""
    near = get_close_matches(setting, declared_settings(), n=1)
    return f" Did you mean `{near[0]}`?" if near else ""


def describe_input(setting: str, value: object) -> str:
    """Return a refused value for a message, with nothing secret in it: of a whole section nothing."""
    if is_secret(setting) or find_field(setting) is None:
        return "what it is"
    return repr(value)
