"""A language model behind an OpenAI-compatible address."""

from __future__ import annotations

import json
import math
import os
import warnings
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agent.llm.endpoint import Answered, ask_for_models, put_path
from agent.llm.error_mapping import map_model_errors
from agent.llm.errors import MalformedReplyError, ModelError, SchemaRefusedError
from agent.llm.memory import Memory, StructuredMode
from agent.llm.tokens import ESTIMATE_WITH, count_with, encoding_name
from agent.llm.usage import Listed, TokenUsage, find_listed, price_in_settings
from agent.settings.sections import ModelSettings
from prompts import load
from vectorstore import Endpoint, find_endpoint, hide_password

if TYPE_CHECKING:
    import httpx2
    from langchain_openai import ChatOpenAI

DEFAULT_MODEL = "gpt-5.4-mini"
"""At OpenAI, when no name is set: a small one, without an announced end, whose tokens tiktoken counts."""
_TRACING = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING")
_PRIOR_RATIO = 1.4
"""Tokens of an unknown model for one of o200k_base, before a server has reported any. One news sentence in
cl100k_base, which newer open vocabularies resemble, has 1.0 in English, 1.25 German, 1.4 Dutch and Chinese,
1.9 Russian, 2.8 Arabic. Too low costs a refused prompt, packed again; too high costs evidence every time."""
_PRIOR_TOKENS = 500
_LEARNT_TOKENS = 50_000
"""Older reports fade beyond this many: the language of the articles may change."""
_BYTES_PER_TOKEN = 3
"""When not even an encoding can be unpacked; a token of o200k_base has 3.6 to 7.8 bytes in those six."""


class ChatModel:
    """One model at one endpoint, and what is known about both. No socket is opened before `client`."""

    def __init__(self, settings: ModelSettings, endpoint: Endpoint, cache: Path) -> None:
        self._settings = settings
        self._endpoint = endpoint
        self._cache = cache
        self._memory = Memory(cache, endpoint.shown, settings.name or "")
        self._findings = self._memory.recall()

    @classmethod
    def connect(
        cls, settings: ModelSettings, cache: Path, environ: Mapping[str, str] = os.environ
    ) -> ChatModel | None:
        """Return the model that is configured; None when there is neither an address nor a key."""
        endpoint = find_endpoint(settings.base_url, settings.api_key, environ)
        return cls(settings, endpoint, cache) if endpoint else None

    def __repr__(self) -> str:
        return f"ChatModel({self._settings.name or 'unnamed'} at {self._endpoint.shown})"

    @property
    def endpoint(self) -> str:
        """The address without a password; with `/v1` in its place once the server has been asked."""
        return hide_password(put_path(self._endpoint.address, self._findings.path))

    @property
    def max_retries(self) -> int:
        """How often a request that failed for a moment is sent again, time permitting."""
        return self._settings.max_retries

    @property
    def has_key(self) -> bool:
        """Whether a key is sent along."""
        return self._endpoint.has_key

    def redact(self, text: str) -> str:
        """Return `text` without the key, in case a server repeats it."""
        return self._endpoint.redact(text)

    @cached_property
    def name(self) -> str:
        """The model's name; asks the server when none is set.

        Raise ModelError where it has not exactly one model, ModelUnavailableError where it cannot be reached.
        """
        if self._settings.name:
            return self._settings.name
        if self._endpoint.is_openai:
            return DEFAULT_MODEL
        offers = self._asked.offers
        if offers is not None and len(offers) == 1:
            # What is remembered is stored by name, which is known only now.
            self._memory = Memory(self._cache, self._endpoint.shown, offers[0].name)
            self._findings = self._memory.recall()
            return offers[0].name
        names = ", ".join(self.offered) or "does not say which"
        raise ModelError(
            f"{self.endpoint} has several models ({names}), and none is chosen. "
            "Next: pullquote config set model.name NAME"
            if offers
            else f"{self.endpoint} does not list a model, and none is named. "
            "Next: pullquote config set model.name NAME"
        )

    @property
    def offered(self) -> tuple[str, ...]:
        """Names of the models the server lists; empty when it does not say. Never raises ModelError."""
        try:
            return tuple(offer.name for offer in self._asked.offers or ())
        except ModelError:
            return ()

    @property
    def context_tokens(self) -> int | None:
        """Tokens the model reads at the most: as set, as the server says, as the table says."""
        if self._settings.context_tokens is not None:
            return self._settings.context_tokens
        listed = self._listed
        return listed.context_tokens if listed else self._findings.context_tokens

    @cached_property
    def _asked(self) -> Answered:
        with map_model_errors(self):
            return ask_for_models(self._endpoint, self._http)

    @cached_property
    def _base_url(self) -> str:
        """The address in force, asked for once and then remembered."""
        if self._endpoint.is_openai:
            return self._endpoint.address
        if self._findings.path is not None and self._settings.name:
            return put_path(self._endpoint.address, self._findings.path)
        asked = self._asked
        if asked.offers is not None:
            context = {offer.name: offer.context_tokens for offer in asked.offers}.get(self.name)
            self._learn_that(path=urlsplit(asked.address).path, context_tokens=context)
        return asked.address

    def forget_address(self) -> None:
        """Ask for the address again next time: the remembered one does not answer any more."""
        self.__dict__.pop("_base_url", None)
        self.__dict__.pop("_asked", None)
        self._learn_that(path=None)

    def learn_context(self, tokens: int) -> None:
        """Remember how much this model reads, which the server has said in refusing more."""
        self._learn_that(context_tokens=tokens)

    def _learn_that(self, **found: Any) -> None:
        self._findings = self._findings.model_copy(update=found)
        self._memory.remember(self._findings)

    @cached_property
    def _http(self) -> httpx2.Client:
        """One pool of connections; proxies and certificates come from the environment."""
        import openai

        from agent.llm.deadline import keep_deadline, take_deadline

        hooks: dict[str, list[Any]] = {"request": [take_deadline], "response": [keep_deadline]}
        # Wherever a redirect leads was not agreed to: it gets no articles, and no try at the network here.
        return openai.DefaultHttpxClient(event_hooks=hooks, follow_redirects=False)

    def client(self, *, seconds: float | None = None, max_tokens: int | None = None) -> ChatOpenAI:
        """Return a LangChain client for this model.

        No single wait and no reply is longer than the `seconds` that are left of the caller's time, and no
        reply has more than `max_tokens`. Raise ModelError where the server does not say its address or model.
        """
        if not any(name in os.environ for name in _TRACING):
            os.environ["LANGSMITH_TRACING"] = "false"
        from agent.llm.client import RefusalKeepingChat
        from agent.llm.deadline import SECONDS

        # A refused schema is ours to handle; LangChain would also advise the user on its own methods.
        warnings.filterwarnings("ignore", category=UserWarning, module=r"langchain_openai\.")

        fields: dict[str, Any] = {
            "model": self.name,
            "base_url": self._base_url,
            "api_key": self._endpoint.key,
            "http_client": self._http,
            "timeout": self._settings.timeout_seconds,
            # Callers try again themselves: they know what time, tokens and money are left.
            "max_retries": 0,
            "stream_usage": True,
            "use_responses_api": False,
        }
        if seconds is not None:
            fields["timeout"] = max(0.1, min(self._settings.timeout_seconds, seconds))
            fields["default_headers"] = {SECONDS: str(max(0.1, seconds))}
        # OpenAI's reasoning models (o3, o4-mini) refuse a temperature.
        if not (self.name.startswith("o") and self.name[1:2].isdigit()):
            fields["temperature"] = self._settings.temperature
        if max_tokens is not None:
            # ChatOpenAI sends `max_completion_tokens`, which servers older than it pass over in silence.
            if self._endpoint.is_openai:
                fields["max_tokens"] = max_tokens
            else:
                fields["extra_body"] = {"max_tokens": max_tokens}
        return RefusalKeepingChat(**fields)

    @property
    def structured(self) -> StructuredMode:
        """How this server and model are made to answer in JSON, as far as is known; raises as `name` does."""
        _ = self.name  # Findings are stored by name, so the server is asked for one that is not set.
        return self._findings.structured

    def response_format(self, name: str, schema: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return what to send as `response_format`; None in the mode where the prompt has to do it alone."""
        match self.structured:
            case StructuredMode.JSON_SCHEMA:
                strict = {"name": name, "strict": True, "schema": dict(schema)}
                return {"type": "json_schema", "json_schema": strict}
            case StructuredMode.JSON_OBJECT:
                return {"type": "json_object"}
            case StructuredMode.PROMPT:
                return None

    def schema_in_prompt(self, schema: Mapping[str, Any]) -> str:
        """Return what the system message says besides, where the server does not enforce the schema."""
        if self.structured is StructuredMode.JSON_SCHEMA:
            return ""
        return f"{load('json').text}\n{json.dumps(schema, ensure_ascii=False)}"

    def degrade(self, error: BaseException) -> bool:
        """Use a weaker structured mode if `error` is about the reply's form; return whether to ask again."""
        if not isinstance(error, (SchemaRefusedError, MalformedReplyError)):
            return False
        weaker = self.structured.weaker()
        if weaker is None:
            return False
        self._learn_that(structured=weaker)
        return True

    @cached_property
    def _encoding(self) -> str | None:
        return encoding_name(self.name)

    @property
    def _ratio(self) -> float:
        """Real tokens for an estimated one; a prior weighs as much as one short prompt."""
        reported = _PRIOR_RATIO * _PRIOR_TOKENS + self._findings.reported_tokens
        return reported / (_PRIOR_TOKENS + self._findings.estimated_tokens)

    def count_tokens(self, text: str) -> int:
        """Return the tokens of `text` for this model, without what a template adds; raise as `name` does.

        An estimate where the model's encoding is not known, corrected by what the server has reported.
        """
        try:
            number = count_with(self._encoding or ESTIMATE_WITH, text, self._cache)
        except OSError:
            return math.ceil(len(text.encode("utf-8", "replace")) / _BYTES_PER_TOKEN)
        return number if self._encoding else math.ceil(number * self._ratio)

    def learn(self, counted: int, reported: int) -> None:
        """Correct later estimates: `counted` tokens were estimated where the server reported `reported`."""
        if self._encoding or counted <= 0 or reported <= 0:
            return
        estimated = self._findings.estimated_tokens + counted / self._ratio
        total = self._findings.reported_tokens + reported
        fade = min(1.0, _LEARNT_TOKENS / estimated)
        self._learn_that(estimated_tokens=estimated * fade, reported_tokens=total * fade)

    @property
    def _listed(self) -> Listed | None:
        return find_listed(self.name) if self._endpoint.is_openai else None

    def price(self, usage: TokenUsage) -> Decimal | None:
        """Return US dollars for `usage`: the user's prices, else the table's for OpenAI itself, else None."""
        own = price_in_settings(self._settings)
        price = own or (self._listed.price if self._listed else None)
        return price.of(usage) if price else None
