from __future__ import annotations

import os
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from agent.llm import (
    DEFAULT_MODEL,
    ChatModel,
    MalformedReplyError,
    ModelError,
    ModelSettings,
    ModelUnavailableError,
    SchemaRefusedError,
    StructuredMode,
    TokenUsage,
    map_model_errors,
)
from tests.agent.llm.conftest import Connect
from tests.peers import wordings
from tests.peers.scripted_openai import (
    Raw,
    ScriptedOpenAI,
    Status,
    Step,
    Text,
    ToolCalls,
    refuse_formats,
)

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}


def ask(chat: ChatModel, **fields: Any) -> AIMessage:
    with map_model_errors(chat):
        return chat.client(**fields).invoke("Who?")


def ask_for_json(chat: ChatModel) -> str:
    """As the loop does it: a rung at a time, down the ladder."""
    while True:
        try:
            with map_model_errors(chat):
                form = chat.response_format("reply", SCHEMA)
                client = chat.client().bind(response_format=form) if form else chat.client()
                return str(client.invoke("Who?" + chat.schema_in_prompt(SCHEMA)).content)
        except SchemaRefusedError as error:
            if not chat.degrade(error):
                raise


def test_nothing_configured_is_no_model(tmp_path: Path) -> None:
    assert ChatModel.connect(ModelSettings(), tmp_path, {}) is None
    assert ChatModel.connect(ModelSettings(), tmp_path, {"OPENAI_API_KEY": " "}) is None
    assert list(tmp_path.iterdir()) == []


def test_importing_and_connecting_load_no_client_and_open_no_socket() -> None:
    code = (
        "import sys, socket; socket.socket.connect = None\n"
        "from pathlib import Path; from agent.llm import ChatModel, ModelSettings\n"
        "chat = ChatModel.connect(ModelSettings(), Path('/nowhere'), {'OPENAI_API_KEY': 'sk-x'})\n"
        "print(chat, chat.name, chat.endpoint, chat.structured, chat.context_tokens)\n"
        "print([name for name in ('openai', 'langchain_core', 'httpx2', 'tiktoken') if name in sys.modules])"
    )
    root = Path(__file__).parent.parent.parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        f"ChatModel(unnamed at https://api.openai.com/v1) {DEFAULT_MODEL} https://api.openai.com/v1 "
        "json_schema 272000",
        "[]",
    ]


@pytest.mark.parametrize(
    ("settings", "environ", "sent"),
    [
        ({"base_url": "{url}"}, {"OPENAI_API_KEY": "sk-openai"}, "none"),
        ({"base_url": "{url}", "api_key": "own"}, {"OPENAI_API_KEY": "sk-openai"}, "own"),
        ({}, {"OPENAI_API_KEY": "sk-openai", "OPENAI_BASE_URL": "{url}"}, "sk-openai"),
        ({"api_key": "own"}, {"OPENAI_API_KEY": "sk-openai", "OPENAI_BASE_URL": "{url}"}, "own"),
        ({"base_url": "{url}"}, {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, "none"),
    ],
)
def test_a_key_goes_where_it_belongs(
    tmp_path: Path, settings: dict[str, str], environ: dict[str, str], sent: str
) -> None:
    with ScriptedOpenAI(Text("It rains.")) as server:
        given = {name: value.format(url=server.url) for name, value in settings.items()}
        chat = ChatModel.connect(
            ModelSettings(**given),  # type: ignore[arg-type]
            tmp_path,
            {name: value.format(url=server.url) for name, value in environ.items()},
        )
        assert chat is not None
        assert ask(chat).content == "It rains."
        keys = {request.header("authorization") for request in server.requests}
        assert keys == {f"Bearer {sent}"}


def test_a_key_for_openai_is_found_when_its_address_is_written_out(tmp_path: Path) -> None:
    settings = ModelSettings(base_url="https://api.openai.com/v1/")
    chat = ChatModel.connect(settings, tmp_path, {"OPENAI_API_KEY": "sk-openai"})
    assert chat is not None
    assert (chat.has_key, chat.name) == (True, DEFAULT_MODEL)


def test_no_secret_is_shown(findings: Path, connect: Connect) -> None:
    with ScriptedOpenAI(Status(500, "sk-secret is known")) as server:
        chat = connect(server.root.replace("http://", "http://joe:hunter2@"), api_key="sk-secret")
        with pytest.raises(ModelUnavailableError) as caught:
            ask(chat)
        settings = ModelSettings(api_key="sk-secret")  # type: ignore[arg-type]
        shown = f"{chat!r} {chat} {vars(chat)} {settings!r} {chat.client()!r} {caught.value}"
        assert "sk-secret" not in shown
        assert chat.endpoint == server.url
        assert repr(chat) == f"ChatModel(scripted at {server.root})"
        assert str(caught.value).startswith(f"{server.url} fails (500): •••• is known")
        remembered = "".join(file.read_text() for file in (findings / "models").iterdir())
        assert "structured" in remembered
        assert "hunter2" not in remembered
        assert "sk-secret" not in remembered


@pytest.mark.parametrize("prefix", ["/v1", "", "/openai", "/compat/v1", "/v4"])
@pytest.mark.parametrize(
    "written", ["{root}{prefix}", "{root}{prefix}/", "{root}{prefix}/chat/completions", "{root}{bare}"]
)
def test_the_address_is_found_with_and_without_v1_and_asked_for_once(
    connect: Connect, prefix: str, written: str
) -> None:
    bare = prefix.removesuffix("/v1")
    with ScriptedOpenAI(Text("It rains."), prefix=prefix) as server:
        address = written.format(root=server.root, prefix=prefix, bare=bare)
        chat = connect(address)
        assert ask(chat).content == "It rains."
        assert chat.endpoint == server.url
        assert [request.path for request in server.chats] == [f"{prefix}/chat/completions"]
        before = len(server.requests)
        again = connect(address)
        assert ask(again).content == "It rains."
        assert [request.path for request in server.requests[before:]] == [f"{prefix}/chat/completions"]


def test_a_server_that_moved_is_asked_again(connect: Connect) -> None:
    with ScriptedOpenAI(Text("It rains.")) as server:
        ask(connect(server.root))
        server.prefix = "/api/v1"
        chat = connect(server.root)
        with pytest.raises(ModelError, match="is not the address"):
            ask(chat)
        server.prefix = ""
        assert ask(chat).content == "It rains."
        assert chat.endpoint == server.root


def test_a_server_without_a_list_of_models_is_still_used(connect: Connect) -> None:
    with ScriptedOpenAI(Text("It rains."), models=Raw(b"<html>", "text/html")) as server:
        assert ask(connect(server.root)).content == "It rains."


def test_the_only_model_needs_no_name(connect: Connect) -> None:
    with ScriptedOpenAI(Text("It rains."), models=[{"id": "local", "max_model_len": 4096}]) as server:
        chat = connect(server.root, name=None)
        assert ask(chat).content == "It rains."
        assert (chat.name, chat.context_tokens) == ("local", 4096)
        assert server.chats[0].body["model"] == "local"
        assert chat.degrade(MalformedReplyError("prose"))
        again = connect(server.root, name=None)
        assert (again.structured, again.name) == (StructuredMode.JSON_OBJECT, "local")
        server.models = ["other"]
        changed = connect(server.root, name=None)
        assert (changed.structured, changed.name) == (StructuredMode.JSON_SCHEMA, "other")


@pytest.mark.parametrize(
    ("models", "message"),
    [
        (
            ["one", "two"],
            "{url} has several models (one, two), and none is chosen. "
            "Next: pullquote config set model.name NAME",
        ),
        ([], "{url} does not list a model, and none is named. Next: pullquote config set model.name NAME"),
    ],
)
def test_of_several_models_one_must_be_named(connect: Connect, models: list[str], message: str) -> None:
    with ScriptedOpenAI(Text("x"), models=models) as server:
        with pytest.raises(ModelError) as caught:
            ask(connect(server.url, name=None))
        assert str(caught.value) == message.format(url=server.url)


def test_what_is_sent(connect: Connect) -> None:
    with ScriptedOpenAI(Text("It rains.", cached_tokens=2)) as server:
        message = ask(connect(server.url), max_tokens=99)
        assert TokenUsage.reported(message.usage_metadata) == TokenUsage(
            server.chats[0].prompt_tokens, message.usage_metadata["output_tokens"], 2
        )
        body = server.chats[0].body
        assert {name: body[name] for name in body if name != "messages"} == {
            "model": "scripted",
            "max_tokens": 99,
            "temperature": 0.0,
        } | {name: body[name] for name in body if name == "stream"}


@pytest.mark.parametrize("name", ["o3", "o3-mini", "gpt-5.4-mini"])
def test_models_that_refuse_a_temperature_are_sent_none(connect: Connect, name: str) -> None:
    with ScriptedOpenAI(Text("It rains."), models=[name]) as server:
        ask(connect(server.url, name=name))
        assert "temperature" not in server.chats[0].body


def test_streams_report_their_usage_and_tool_calls_arrive_whole(connect: Connect) -> None:
    calls = ToolCalls([("search", {"query": "Wie regent het?"}), ("search", {"query": "東京"})])
    with ScriptedOpenAI(calls) as server:
        chat = connect(server.url)
        whole = None
        for chunk in chat.client().stream("Who?"):
            whole = chunk if whole is None else whole + chunk
        assert whole is not None
        assert [(call["name"], call["args"]) for call in whole.tool_calls] == calls.calls
        usage = TokenUsage.reported(whole.usage_metadata)
        assert usage is not None
        assert usage.input_tokens == server.prompt_tokens


def test_a_server_that_reports_nothing_is_told_apart(connect: Connect) -> None:
    with ScriptedOpenAI(Text("It rains.", usage=False)) as server:
        assert TokenUsage.reported(ask(connect(server.url)).usage_metadata) is None


BOTH = {"json_schema", "json_object"}
LADDERS: dict[str, tuple[Step, StructuredMode, list[str | None]]] = {
    "holds the schema": (Text("{}"), StructuredMode.JSON_SCHEMA, ["json_schema"]),
    "vLLM": (
        refuse_formats({"json_schema"}, wordings.VLLM_REFUSES_SCHEMA, Text("{}")),
        StructuredMode.JSON_OBJECT,
        ["json_schema", "json_object"],
    ),
    "llama.cpp": (
        refuse_formats({"json_schema"}, wordings.LLAMA_CPP_REFUSES_SCHEMA, Text("{}")),
        StructuredMode.JSON_OBJECT,
        ["json_schema", "json_object"],
    ),
    "llama.cpp, a grammar it cannot compile": (
        refuse_formats({"json_schema"}, wordings.LLAMA_CPP_CANNOT_COMPILE, Text("{}")),
        StructuredMode.JSON_OBJECT,
        ["json_schema", "json_object"],
    ),
    "OpenAI, an older model": (
        refuse_formats({"json_schema"}, wordings.OPENAI_REFUSES_SCHEMA, Text("{}")),
        StructuredMode.JSON_OBJECT,
        ["json_schema", "json_object"],
    ),
    "LM Studio": (
        refuse_formats(
            {"json_object"},
            wordings.LM_STUDIO_REFUSES_OBJECT,
            refuse_formats({"json_schema"}, wordings.LLAMA_CPP_CANNOT_COMPILE, Text("{}")),
        ),
        StructuredMode.PROMPT,
        ["json_schema", "json_object", None],
    ),
    "knows no response_format": (
        refuse_formats(BOTH, wordings.OLD_SERVER_REFUSES_FORMAT, Text("{}")),
        StructuredMode.PROMPT,
        ["json_schema", "json_object", None],
    ),
}


@pytest.mark.parametrize("case", LADDERS)
def test_the_ladder_is_climbed_down_once(connect: Connect, case: str) -> None:
    step, mode, formats = LADDERS[case]
    with ScriptedOpenAI(step) as server:
        chat = connect(server.url)
        assert ask_for_json(chat) == "{}"
        assert chat.structured is mode
        assert [request.format for request in server.chats] == formats
        again = connect(server.url)
        assert (again.structured, ask_for_json(again)) == (mode, "{}")
        assert [request.format for request in server.chats[len(formats) :]] == formats[-1:]
        other = connect(server.url, name="other")
        assert other.structured is StructuredMode.JSON_SCHEMA


def test_a_schema_is_sent_strict_or_written_out(connect: Connect) -> None:
    chat = connect("http://127.0.0.1:1/v1")
    strict = {"name": "reply", "strict": True, "schema": SCHEMA}
    assert chat.response_format("reply", SCHEMA) == {"type": "json_schema", "json_schema": strict}
    assert chat.schema_in_prompt(SCHEMA) == ""
    for mode, form in (
        (StructuredMode.JSON_OBJECT, {"type": "json_object"}),
        (StructuredMode.PROMPT, None),
    ):
        assert chat.degrade(MalformedReplyError("prose"))
        assert (chat.structured, chat.response_format("reply", SCHEMA)) == (mode, form)
        assert chat.schema_in_prompt(SCHEMA).splitlines()[1:] == [
            '{"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"], '
            '"additionalProperties": false}'
        ]
    assert not chat.degrade(MalformedReplyError("prose"))
    assert not connect("http://127.0.0.1:2/v1").degrade(ModelUnavailableError("down"))


def test_an_http_proxy_is_used(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ScriptedOpenAI(Text("It rains.")) as server:
        monkeypatch.setenv("http_proxy", server.root)
        assert ask(connect("http://model.test")).content == "It rains."
        assert server.chats[0].path == "http://model.test/v1/chat/completions"


def test_a_certificate_of_ones_own_is_trusted_when_named(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    try:
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"),
                *("-out", certificate, "-keyout", key),
            ],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ScriptedOpenAI(Text("It rains."), tls=context) as server:
        assert server.url.startswith("https://")
        with pytest.raises(ModelUnavailableError) as caught:
            ask(connect(server.url))
        assert str(caught.value) == (
            f"{server.url} shows a certificate that is not trusted here. Next: export "
            "SSL_CERT_FILE=/path/to/its-ca.pem when it is your own server"
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert ask(connect(server.url)).content == "It rains."


def test_tracing_stays_off_unless_turned_on(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("LANGSMITH_", "LANGCHAIN_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    chat = connect("http://127.0.0.1:1/v1")
    with pytest.raises(ModelUnavailableError), map_model_errors(chat):
        chat.client()
    assert os.environ["LANGSMITH_TRACING"] == "true"
    monkeypatch.delenv("LANGSMITH_TRACING")
    with pytest.raises(ModelUnavailableError), map_model_errors(chat):
        chat.client()
    assert os.environ["LANGSMITH_TRACING"] == "false"


def test_a_cache_that_cannot_be_written_costs_asking_again(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    with ScriptedOpenAI(Text("It rains.")) as server:
        for _ in range(2):
            chat = ChatModel.connect(ModelSettings(base_url=server.root, name="scripted"), file / "cache", {})
            assert chat is not None
            assert ask(chat).content == "It rains."
        assert [request.path for request in server.requests if request.method == "GET"] == ["/v1/models"] * 2


def test_remembered_nonsense_is_forgotten(connect: Connect, findings: Path) -> None:
    with ScriptedOpenAI(Text("It rains.")) as server:
        ask(connect(server.url))
        (file,) = (findings / "models").iterdir()
        file.write_text('{"base_url": 7')
        assert ask(connect(server.url)).content == "It rains."
        stale = file.read_text().replace('"since":"20', '"since":"10')
        file.write_text(stale)
        assert connect(server.url).endpoint == server.url
        assert ask(connect(server.url)).content == "It rains."
        assert '"since":"20' in file.read_text()
