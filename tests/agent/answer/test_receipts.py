from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

import pytest

from agent.answer.answer import Answer, Check, Step, Usage
from agent.answer.receipts import (
    CitedArticle,
    Kind,
    Receipt,
    ReceiptDetails,
    ReceiptSummary,
    UsedPrompt,
    find_receipt,
    list_receipts,
    parse_receipt,
    store_answer,
)
from agent.render.receipts import describe_model_usage, render_receipt
from agent.settings.sections import ReceiptSettings
from tests.agent.newsroom import Newsroom, make_answer, quote
from vectorstore import Filters, Library, LibrarySettings, PullquoteError, hide_password

BRIDGE = "Bridge in Ghent\n\nThe new bridge in Ghent cost 12 million euros. It opens to cyclists in May."
LIMITS = ReceiptSettings()
USAGE = Usage(
    embedded_tokens=310,
    embed_ms=20.4,
    index_ms=3,
    rerank_ms=200,
    total_ms=2300,
    model_ms=2000,
    model_calls=2,
    prompt_tokens=1200,
    cached_tokens=500,
    completion_tokens=80,
    cost=Decimal("0.00120"),
)


def answer_of_a_model(newsroom: Newsroom) -> Answer:
    article = newsroom.publish("bridge.txt", BRIDGE)
    statement = quote(article, "It opens to cyclists in May.").model_copy(
        update={"text": "Cyclists may use it from May.", "checks": (Check(name="pointer", passed=True),)}
    )
    answer = make_answer(newsroom.library, statement, question="when does the bridge in Ghent open?")
    return answer.model_copy(
        update={
            "model": "tiny-1",
            "prompts": ("answer@3",),
            "trace": (Step(tool="search", query="bridge", found=2, articles=(article.id,)),),
            "usage": USAGE,
            "notes": ("Only one article says so.",),
        }
    )


def test_a_receipt_holds_what_it_takes_to_check_an_answer(newsroom: Newsroom) -> None:
    answer = answer_of_a_model(newsroom)
    filters = Filters(since=datetime(2024, 1, 1, tzinfo=UTC), outlets=("De Krant",))
    prompt = UsedPrompt(name="answer@3", sha256="ab" * 32)
    kept = store_answer(
        newsroom.library,
        answer,
        LIMITS,
        ReceiptDetails(
            kind=Kind.ASK,
            question="and when does it open?",
            session="slack:C1:17",
            filters=filters,
            endpoint="https://me:sk-secret@models.example:8080/v1?key=sk-secret#sk-secret",
            prompts=(prompt,),
        ),
    )
    assert kept == answer.model_copy(update={"receipt": kept.receipt})
    (stored,) = newsroom.library.receipts.newest()
    receipt = find_receipt(newsroom.library, "last")
    (citation,) = answer.citations()
    assert receipt == Receipt(
        id=stored.id,
        created=stored.created,
        pullquote=version("pullquote"),
        library=newsroom.library.uuid,
        generation=answer.generation,
        embedder=newsroom.library.embedder.fingerprint,
        kind=Kind.ASK,
        question="and when does it open?",
        session="slack:C1:17",
        filters=filters,
        articles=(CitedArticle(id=citation.article, title="Bridge in Ghent"),),
        model="tiny-1",
        endpoint="https://models.example:8080/v1",
        prompts=(prompt,),
        answer=kept,
    )
    assert (stored.question, stored.kind, stored.verdict) == ("and when does it open?", "ask", "answered")
    assert "sk-secret" not in stored.receipt
    assert parse_receipt(receipt.model_dump_json(indent=2), "it") == receipt


def test_the_whole_of_a_receipt_is_shown(newsroom: Newsroom) -> None:
    answer = answer_of_a_model(newsroom)
    store_answer(
        newsroom.library,
        answer,
        LIMITS,
        ReceiptDetails(
            kind=Kind.ASK,
            question="and when does it open?",
            session="mine",
            filters=Filters(until=datetime(2024, 2, 1, tzinfo=UTC), languages=("en", "nl")),
            endpoint="http://127.0.0.1:8080/v1",
            prompts=(UsedPrompt(name="answer@3", sha256="ab" * 32),),
        ),
    )
    receipt = find_receipt(newsroom.library, "last")
    before, _, after = str(render_receipt(receipt)).partition("\n\n")
    assert before == "\n".join(
        [
            f"Receipt {receipt.id}",
            f"  asked     {receipt.created:%Y-%m-%d %H:%M} UTC, of pullquote {version('pullquote')}",
            "  question  and when does it open?",
            "  read as   when does the bridge in Ghent open?",
            "  session   mine",
            "  only      until 2024-01-31, language en or nl",
            f"  library   {receipt.library} in state {receipt.generation}",
            f"  embedder  {newsroom.library.embedder.fingerprint}",
            "  model     tiny-1 at http://127.0.0.1:8080/v1",
            "  prompts   answer@3 (abababababab…)",
            "  tokens    310 embedded; 1,200 + 80 tokens in 2 calls, $0.0012 (500 of them cached)",
            "  time      2,300 ms: embedding 20, index 3, re-ranking 200, model 2,000, "
            "loading and the rest 77",
        ]
    )
    assert after.endswith(f"\npullquote verify {receipt.id}  says whether the citations are still valid.\n")
    assert "pullquote show" not in after and "It opens to cyclists in May." in after


@pytest.mark.parametrize(
    ("usage", "words"),
    [
        (Usage(), "no model"),
        (USAGE, "1,200 + 80 tokens in 2 calls, $0.0012"),
        (
            USAGE.model_copy(update={"cost": None, "tokens_are_estimated": True, "model_calls": 1}),
            "about 1,200 + 80 tokens in 1 call, cost not known",
        ),
        (USAGE.model_copy(update={"cost": Decimal(0)}), "1,200 + 80 tokens in 2 calls, $0"),
        (USAGE.model_copy(update={"cost": Decimal("1E+1")}), "1,200 + 80 tokens in 2 calls, $10"),
    ],
)
def test_usage_in_words(usage: Usage, words: str) -> None:
    assert describe_model_usage(usage) == words


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1"),
        ("http://[::1]:80/v1?api-key=x", "http://[::1]:80/v1"),
        ("http://user:p%40ss@host/", "http://host/"),
        ("http://[bad", ""),
    ],
)
def test_nothing_secret_stays_in_an_address(address: str, kept: str) -> None:
    assert hide_password(address) == kept


def keep(newsroom: Newsroom, question: str, limits: ReceiptSettings = LIMITS) -> str:
    kept = store_answer(
        newsroom.library,
        make_answer(newsroom.library, question=question),
        limits,
        ReceiptDetails(kind=Kind.ASK),
    )
    assert kept.receipt
    return kept.receipt


def test_receipts_are_listed_newest_first_and_pruned(newsroom: Newsroom) -> None:
    answer = answer_of_a_model(newsroom)
    store_answer(newsroom.library, answer, LIMITS, ReceiptDetails(kind=Kind.SUMMARIZE, session="mine"))
    last = keep(newsroom, "who?", ReceiptSettings(keep=2))
    newest, oldest = list_receipts(newsroom.library, 10)
    assert oldest == ReceiptSummary(
        id=oldest.id,
        created=oldest.created,
        question=answer.question,
        kind="summarize",
        verdict="answered",
        session="mine",
        statements=1,
        usage=USAGE,
    )
    assert (newest.id, newest.verdict, newest.statements) == (last, "not_found", 0)
    assert [each.id for each in list_receipts(newsroom.library, 1)] == [last]
    assert keep(newsroom, "when?", ReceiptSettings(keep=1)) == list_receipts(newsroom.library, 10)[0].id
    assert newsroom.library.receipts.count() == 1


def test_a_library_that_is_read_only_answers_all_the_same(
    newsroom: Newsroom, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.publish("bridge.txt", BRIDGE)
    folder = newsroom.database.parent
    newsroom.library.close()
    monkeypatch.setattr("vectorstore.store.sqlite.os.access", lambda path, mode: mode != 2)
    with Library.open(LibrarySettings(path=folder, cache=cache)) as library:
        answer = make_answer(library)
        assert store_answer(library, answer, LIMITS, ReceiptDetails(kind=Kind.ASK)) == answer
        assert library.receipts.count() == 0


def find_error(library: Library, reference: str) -> str:
    with pytest.raises(PullquoteError) as error:
        find_receipt(library, reference)
    return str(error.value)


def test_a_receipt_is_found_by_id_beginning_or_file(newsroom: Newsroom, tmp_path: Path) -> None:
    library = newsroom.library
    assert find_error(library, "last") == ('No answer is stored in this library yet. Try: pullquote ask "…"')
    ids = {keep(newsroom, f"{number}?") for number in range(30)}
    one = min(ids)
    beginning = next(one[:n] for n in range(1, 7) if sum(i.startswith(one[:n]) for i in ids) == 1)
    assert {find_receipt(library, word).id for word in (one, beginning, one.upper())} == {one}
    file = tmp_path / "receipt.json"
    file.write_text(find_receipt(library, one).model_dump_json(), "utf-8")
    assert find_receipt(library, str(file)) == find_receipt(library, one)
    several = next(i[0] for i in sorted(ids) if sum(other[0] == i[0] for other in ids) > 1)
    shared = sorted(i for i in ids if i[0] == several)
    first, *named = find_error(library, several).splitlines()
    assert first == f"Several receipts begin with “{several}”; add a sign:"
    assert [line.split()[0] for line in named] == shared[:10]


@pytest.mark.parametrize("reference", ["", " ", "aeiou", "no/such/file.json", "%", "x" * 5000, "\0"])
def test_what_is_no_receipt_is_said_to_be_none(newsroom: Newsroom, reference: str) -> None:
    keep(newsroom, "who?")
    assert "`pullquote receipts` lists what can be verified." in find_error(newsroom.library, reference)


def edit(text: str, change: Callable[[dict[str, object]], object]) -> str:
    values = json.loads(text)
    change(values)
    return json.dumps(values)


def test_receipts_of_other_versions_and_damaged_ones_are_told_apart(newsroom: Newsroom) -> None:
    answer = answer_of_a_model(newsroom)
    store_answer(newsroom.library, answer, LIMITS, ReceiptDetails(kind=Kind.ASK))
    text = find_receipt(newsroom.library, "last").model_dump_json()

    def read(change: Callable[[dict[str, object]], object]) -> str:
        with pytest.raises(PullquoteError) as error:
            parse_receipt(edit(text, change), "r.json")
        return str(error.value)

    other = (
        "r.json was written by another version of Pullquote (9.9): its format is {}, and this version reads "
        "1.1. Ask again with this version, or verify it with that one."
    )
    assert read(lambda r: r.update(schema_version=2, pullquote="9.9")) == other.format("2.1")
    assert read(lambda r: r.update(schema_version=7, pullquote="9.9", more=1)) == other.format("7.1")
    assert read(lambda r: (r.update(pullquote="9.9"), r["answer"].update(schema_version=3))) == (  # type: ignore[attr-defined]
        other.format("1.3")
    )
    again = "Write it again with: pullquote receipts --show ID --json"
    assert read(lambda r: r.update(more=1)) == (
        f"r.json is not as Pullquote wrote it: more: Extra inputs are not permitted. {again}"
    )
    assert read(lambda r: r.pop("library")) == (
        f"r.json is not as Pullquote wrote it: library: Field required. {again}"
    )
    assert read(lambda r: r.update(articles=[])) == (
        "r.json is not as Pullquote wrote it: Value error, the articles are not those that the answer cites. "
        f"{again}"
    )
    assert read(lambda r: r.update(id="bbbbbb")) == (
        f"r.json is not as Pullquote wrote it: Value error, the receipt is another answer's. {again}"
    )
    write = "Write one with: pullquote receipts --show ID --json"
    assert read(lambda r: r.pop("answer")) == f"r.json is no receipt. {write}"
    assert read(lambda r: r.clear()) == f"r.json is no receipt. {write}"
    for text_of_no_receipt in ("", "{", "\0", "[" * 100_000, b"\xff\xfe"):
        with pytest.raises(PullquoteError, match=r"r\.json is no receipt: it is not JSON\."):
            parse_receipt(text_of_no_receipt, "r.json")
    for json_of_no_receipt in ("[]", "1", '"x"', "null", "{}"):
        with pytest.raises(PullquoteError, match=r"r\.json is no receipt\."):
            parse_receipt(json_of_no_receipt, "r.json")


def test_a_receipt_kept_by_another_version_is_listed_without_its_cost(newsroom: Newsroom) -> None:
    receipt_id = newsroom.library.receipts.add(
        lambda *_: '{"schema_version": 9, "pullquote": "9.9", "answer": {"schema_version": 1}}',
        question="who?",
        kind="translate",
        verdict="guessed",
        keep=9,
        keep_days=9,
    )
    (listed,) = list_receipts(newsroom.library, 5)
    assert listed == ReceiptSummary(
        id=receipt_id, created=listed.created, question="who?", kind="translate", verdict="guessed"
    )
    assert find_error(newsroom.library, "last") == (
        f"Receipt {receipt_id} was written by another version of Pullquote (9.9): its format is 9.1, and "
        "this version reads 1.1. Ask again with this version, or verify it with that one."
    )
