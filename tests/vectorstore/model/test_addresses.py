"""Which server is asked, and which key it is shown."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from vectorstore.model.addresses import find_endpoint

KEY, URL = "OPENAI_API_KEY", "OPENAI_BASE_URL"


@pytest.mark.parametrize(
    ("base_url", "api_key", "environ", "address", "key"),
    [
        (None, None, {KEY: "env"}, "https://api.openai.com/v1", "env"),
        (None, "own", {KEY: "env"}, "https://api.openai.com/v1", "own"),
        (None, "own", {}, "https://api.openai.com/v1", "own"),
        (None, None, {KEY: "env", URL: "https://proxy.example/v1/"}, "https://proxy.example/v1", "env"),
        ("http://127.0.0.1:8080/v1", None, {KEY: "env"}, "http://127.0.0.1:8080/v1", None),
        ("http://127.0.0.1:8080/v1", None, {KEY: "env", URL: "https://proxy.example"}, None, None),
        ("http://127.0.0.1:8080", "own", {KEY: "env"}, "http://127.0.0.1:8080", "own"),
        ("https://api.openai.com/v1", None, {KEY: "env"}, "https://api.openai.com/v1", "env"),
        ("http://h/v1/embeddings/", None, {}, "http://h/v1", None),
        ("http://h/v1/chat/completions", None, {}, "http://h/v1", None),
    ],
)
def test_a_key_from_the_environment_goes_only_where_the_environment_says(
    base_url: str | None, api_key: str | None, environ: dict[str, str], address: str | None, key: str | None
) -> None:
    found = find_endpoint(base_url, SecretStr(api_key) if api_key else None, environ)
    assert found is not None
    assert found.address == (address or base_url)
    assert found.has_key == (key is not None)
    assert found.key.get_secret_value() == (key or "none")


def test_without_address_and_key_there_is_no_server() -> None:
    assert find_endpoint(None, None, {}) is None
    assert find_endpoint(" ", SecretStr(" "), {KEY: " ", URL: ""}) is None


def test_v1_is_tried_with_and_without() -> None:
    bare = find_endpoint("http://h:1", None, {})
    whole = find_endpoint("http://me:sesame@h:1/v1", None, {})
    assert bare is not None and whole is not None
    assert bare.addresses() == ("http://h:1/v1", "http://h:1")
    assert whole.addresses() == ("http://me:sesame@h:1/v1", "http://me:sesame@h:1")
    assert (whole.shown, whole.host, whole.is_openai) == ("http://h:1/v1", "h", False)
