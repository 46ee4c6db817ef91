from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.llm import ModelSettings
from agent.settings.listing import report_settings
from agent.settings.loading import load_settings
from vectorstore import SetupError


def test_a_model_is_set_up_by_the_file_and_by_the_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    (home / "settings.toml").write_text('[model]\nname = "m"\nbase_url = "http://127.0.0.1:8080"\n')
    monkeypatch.setenv("PULLQUOTE_MODEL__API_KEY", "sk-secret")
    monkeypatch.setenv("PULLQUOTE_MODEL__TIMEOUT_SECONDS", "7")
    assert load_settings().model == ModelSettings(
        name="m",
        base_url="http://127.0.0.1:8080",
        api_key="sk-secret",  # type: ignore[arg-type]
        timeout_seconds=7,
    )


def test_the_key_is_not_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_MODEL__API_KEY", "sk-secret")
    settings = load_settings()
    shown = report_settings(settings, {}, as_json=False)
    assert "sk-secret" not in shown + repr(settings) + settings.model_dump_json()
    assert 'model.api_key = "••••"  (PULLQUOTE_MODEL__API_KEY)' in shown.splitlines()
    assert json.loads(report_settings(settings, {}, as_json=True))["model.api_key"]["value"] == "••••"


@pytest.mark.parametrize("address", ["127.0.0.1:8080", "ftp://host/v1", "http://", "http://a b"])
def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("PULLQUOTE_MODEL__BASE_URL", address)
    with pytest.raises(SetupError, match=r"model\.base_url"):
        load_settings()
