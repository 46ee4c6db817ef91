"""Receipts: everything it takes to check an answer again later, or elsewhere."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from agent.answer.answer import SCHEMA as ANSWER_SCHEMA
from agent.answer.answer import Answer, Citation, Model, Usage
from agent.settings.sections import ReceiptSettings
from vectorstore import (
    Filters,
    Library,
    LibraryLockedError,
    PullquoteError,
    SetupError,
    StoredReceipt,
    hide_password,
)

SCHEMA = 1
"""Version of a receipt's JSON; it is raised when a field changes its meaning or is removed."""
LAST = "last"

MOST_RECEIPTS = 100_000
"""Receipts a library has at the most, by the bounds of the settings."""
_LARGEST_FILE = 20_000_000
"""Bytes of a receipt file: a hundred times the largest answer."""


class Kind(StrEnum):
    """What was asked for."""

    ASK = "ask"
    SUMMARIZE = "summarize"


class CitedArticle(Model):
    """An article an answer cites."""

    id: str
    title: str | None = None


class UsedPrompt(Model):
    """A prompt the model was given."""

    name: str
    """`name@version`, as in the answer."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of the prompt file in UTF-8."""


class Receipt(Model):
    """One answer, and what it was made from. It never holds a key: only names of what was used.

    Spans, quotes, checks, verdict, notes and usage are the answer's own.
    """

    schema_version: int = SCHEMA
    id: str
    created: AwareDatetime
    """UTC."""
    pullquote: str
    """Version that answered."""
    library: str
    """The library's own id."""
    generation: int
    """The library's state that was searched."""
    embedder: str
    """Fingerprint."""
    kind: Kind
    question: str
    """As it was asked; `answer.question` is how it was read."""
    session: str | None = None
    filters: Filters = Filters()
    articles: tuple[CitedArticle, ...] = ()
    """What is cited, in order."""
    model: str | None = None
    endpoint: str | None = None
    """Address of the model's server, without user, password and query."""
    prompts: tuple[UsedPrompt, ...] = ()
    numbers: tuple[int, ...] = ()
    """Under which a session showed `answer.citations()`, in that order; empty where they count from 1."""
    answer: Answer

    @property
    def numbered(self) -> tuple[tuple[int, Citation], ...]:
        """`answer.citations()` under the numbers they were shown with; a span cited twice has one number."""
        citations = self.answer.citations()
        return tuple(zip(self.numbers or range(1, len(citations) + 1), citations, strict=True))

    @model_validator(mode="after")
    def _is_of_its_answer(self) -> Receipt:
        if {article.id for article in self.articles} != {cited.article for cited in self.answer.citations()}:
            raise ValueError("the articles are not those that the answer cites")
        if (self.id, self.generation, self.model) != (
            self.answer.receipt,
            self.answer.generation,
            self.answer.model,
        ):
            raise ValueError("the receipt is another answer's")
        if self.numbers and len(self.numbers) != len(self.answer.citations()):
            raise ValueError("there is not a number for each citation")
        return self


class ReceiptSummary(Model):
    """A receipt in a list."""

    id: str
    created: AwareDatetime
    question: str
    kind: str
    verdict: str
    session: str | None = None
    statements: int = 0
    usage: Usage | None = None
    """None when another version of Pullquote wrote the receipt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDetails:
    """What an answer came of, for its receipt."""

    kind: Kind
    question: str | None = None
    """As it was asked, when the answer's own question was made of it."""
    session: str | None = None
    filters: Filters = field(default_factory=Filters)
    endpoint: str | None = None
    """Address of the model's server; what is secret in it is left out of the receipt."""
    prompts: tuple[UsedPrompt, ...] = ()
    numbers: tuple[int, ...] = ()
    """Under which the session shows the citations."""


def store_answer(
    library: Library, answer: Answer, limits: ReceiptSettings, details: ReceiptDetails
) -> Answer:
    """Return the answer with the id of its stored receipt; as it was where the library cannot be written."""
    uuid, embedder = library.uuid, library.embedder_fingerprint
    titles = {cited.article: cited.title for cited in answer.citations()}
    question, endpoint = details.question or answer.question, details.endpoint

    def write(receipt_id: str, created: datetime) -> str:
        receipt = Receipt(
            id=receipt_id,
            created=created,
            pullquote=version("pullquote"),
            library=uuid,
            generation=answer.generation,
            embedder=embedder,
            kind=details.kind,
            question=question,
            session=details.session,
            filters=details.filters,
            articles=tuple(CitedArticle(id=article, title=title) for article, title in titles.items()),
            model=answer.model,
            endpoint=endpoint and hide_password(endpoint),
            prompts=details.prompts,
            numbers=details.numbers,
            answer=answer.model_copy(update={"receipt": receipt_id}),
        )
        return receipt.model_dump_json()

    try:
        receipt_id = library.receipts.add(
            write,
            question=question,
            kind=details.kind,
            verdict=answer.verdict,
            keep=limits.keep,
            keep_days=limits.keep_days,
        )
    except (SetupError, LibraryLockedError):
        return answer
    return answer.model_copy(update={"receipt": receipt_id})


def find_receipt(library: Library, reference: str) -> Receipt:
    """Return the receipt of an id or its beginning, of `last`, or in a file; PullquoteError for none."""
    if reference == LAST:
        newest = library.receipts.newest()
        if not newest:
            raise PullquoteError('No answer is stored in this library yet. Try: pullquote ask "…"')
        return read_receipt(newest[0])
    found = library.receipts.find(reference) if reference.strip() else ()
    if len(found) == 1:
        return read_receipt(found[0])
    if found:
        named = [f"  {stored.id}  {stored.question}" for stored in found]
        raise PullquoteError("\n".join([f"Several receipts begin with “{reference}”; add a sign:", *named]))
    return _read_file(Path(reference))


def read_receipt(stored: StoredReceipt) -> Receipt:
    """Return the whole of a stored receipt; raise PullquoteError for another version's."""
    return parse_receipt(stored.receipt, f"Receipt {stored.id}")


def parse_receipt(text: str | bytes, name: str) -> Receipt:
    """Return a receipt from its JSON, called `name` in messages; raise PullquoteError for none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PullquoteError(
            f"{name} is no receipt: it is not JSON. Write one with: pullquote receipts --show ID --json"
        ) from error
    # Before validation, which would complain about single fields of another version's format.
    versions = _versions(found)
    if versions is None:
        raise PullquoteError(f"{name} is no receipt. Write one with: pullquote receipts --show ID --json")
    if versions != (SCHEMA, ANSWER_SCHEMA):
        raise PullquoteError(
            f"{name} was written by another version of Pullquote ({found.get('pullquote')}): its format is "
            f"{versions[0]}.{versions[1]}, and this version reads {SCHEMA}.{ANSWER_SCHEMA}. Ask again with "
            "this version, or verify it with that one."
        )
    try:
        return Receipt.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise PullquoteError(
            f"{name} is not as Pullquote wrote it: {place + ': ' if place else ''}{first['msg']}. Write it "
            "again with: pullquote receipts --show ID --json"
        ) from error


def _versions(found: object) -> tuple[object, object] | None:
    if not isinstance(found, dict) or not isinstance(found.get("answer"), dict):
        return None
    versions = found.get("schema_version"), found["answer"].get("schema_version")
    return None if None in versions else versions


def _read_file(path: Path) -> Receipt:
    try:
        is_file = path.is_file()
        if is_file and path.stat().st_size > _LARGEST_FILE:
            raise PullquoteError(f"{path} is no receipt: it is larger than {_LARGEST_FILE:,} bytes.")
        text = path.read_bytes() if is_file else None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise PullquoteError(
            f"{path} cannot be read ({reason}). `pullquote receipts` lists what can be verified."
        ) from error
    if text is None:
        raise PullquoteError(
            f"There is no receipt and no file “{path}”. `pullquote receipts` lists what can be verified."
        )
    return parse_receipt(text, str(path))


def list_receipts(library: Library, limit: int) -> list[ReceiptSummary]:
    """Return the last `limit` receipts, newest first, those of other versions of Pullquote too."""
    return list(map(_summarize, library.receipts.newest(limit)))


def list_session(library: Library, session: str) -> list[Receipt]:
    """Return the receipts of a session, oldest first, as far as they are stored and of this version."""
    named = f'"session":{json.dumps(session, ensure_ascii=False)}'
    found = []
    for stored in reversed(library.receipts.newest(MOST_RECEIPTS)):
        # Parsing every receipt of a large library would take seconds.
        if named not in stored.receipt:
            continue
        with suppress(PullquoteError):
            receipt = read_receipt(stored)
            if receipt.session == session:
                found.append(receipt)
    return found


def _summarize(stored: StoredReceipt) -> ReceiptSummary:
    summary = ReceiptSummary(
        id=stored.id,
        created=stored.created,
        question=stored.question,
        kind=stored.kind,
        verdict=stored.verdict,
    )
    try:
        receipt = read_receipt(stored)
    except PullquoteError:
        return summary
    answer = receipt.answer
    details = {"session": receipt.session, "statements": len(answer.statements), "usage": answer.usage}
    return summary.model_copy(update=details)
