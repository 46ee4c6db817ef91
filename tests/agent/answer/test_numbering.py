from __future__ import annotations

from agent.answer.answer import Answer, Statement
from agent.answer.numbering import Numbering
from agent.answer.receipts import Kind, ReceiptDetails, list_session, store_answer
from agent.answer.view import view_answer, view_statements
from agent.render.text import render_answer, render_statements
from agent.settings.sections import ReceiptSettings
from tests.agent.newsroom import Newsroom, make_answer, quote

TEXT = "Bridge in Ghent\n\nThe new bridge in Ghent cost 12 million euros. It opens to cyclists in May.\n"
COST, OPENS = "The new bridge in Ghent cost 12 million euros.", "It opens to cyclists in May."


def test_the_same_words_keep_their_number_and_others_get_the_next(newsroom: Newsroom) -> None:
    bridge = newsroom.publish("bridge.txt", TEXT)
    first = make_answer(newsroom.library, quote(bridge, COST))
    second = make_answer(newsroom.library, quote(bridge, OPENS), quote(bridge, COST), quote(bridge, OPENS))
    numbering = Numbering()
    assert numbering.numbers_of(first) == (1,)
    assert numbering.numbers_of(second) == (2, 1, 2)
    assert [(number, citation.quote) for number, citation in numbering.numbered] == [(1, COST), (2, OPENS)]
    assert (numbering.find(2), numbering.find(3)) == (second.citations()[0], None)
    assert len(numbering) == 2


def test_an_answer_shows_the_numbers_of_its_session_each_source_once(newsroom: Newsroom) -> None:
    bridge = newsroom.publish("bridge.txt", TEXT)
    numbering = Numbering()
    numbering.numbers_of(make_answer(newsroom.library, quote(bridge, COST)))
    answer = make_answer(newsroom.library, quote(bridge, OPENS), quote(bridge, COST), quote(bridge, OPENS))
    shown = render_answer(view_answer(answer, numbering.numbers_of(answer)), is_last=False).plain.splitlines()
    assert shown[4:] == [f"  [2] “{OPENS}”", f"  [1] “{COST}”", ""]
    alone = render_answer(view_answer(answer), is_last=False).plain.splitlines()
    assert alone[4:] == [f"  [1] “{OPENS}”", f"  [2] “{COST}”", f"  [3] “{OPENS}”", ""]
    (cited,) = (statement.citations for statement in answer.statements[:1])
    twice = answer.statements[0].model_copy(update={"citations": cited * 2})
    groups = view_statements([twice], [2, 2])
    assert render_statements(groups).plain == f"{OPENS} [2]\n"


def test_the_receipts_of_a_session_bring_its_numbers_back(newsroom: Newsroom) -> None:
    library, limits = newsroom.library, ReceiptSettings()
    bridge = newsroom.publish("bridge.txt", TEXT)
    harbour = newsroom.publish("harbour.txt", "Harbour\n\nThe harbour of Ghent was closed on Monday.\n")
    answers = [
        make_answer(library, quote(bridge, COST)),
        make_answer(library, quote(harbour, "The harbour of Ghent was closed on Monday.")),
        make_answer(library, quote(bridge, OPENS), quote(bridge, COST)),
    ]

    def keep(answer: Answer, session: str | None, numbers: tuple[int, ...]) -> None:
        assert store_answer(
            library, answer, limits, ReceiptDetails(kind=Kind.ASK, session=session, numbers=numbers)
        ).receipt

    keep(answers[0], 'a "quoted" näme', (1,))
    keep(answers[0], "another", ())
    keep(answers[1], 'a "quoted" näme', (4,))
    keep(answers[2], 'a "quoted" näme', ())
    receipts = list_session(library, 'a "quoted" näme')
    assert [receipt.answer.citations() for receipt in receipts] == [answer.citations() for answer in answers]
    numbered = Numbering.of_receipts(receipts).numbered
    assert [(number, citation.quote) for number, citation in numbered] == [
        (1, COST),
        (4, "The harbour of Ghent was closed on Monday."),
        (5, OPENS),
    ]
    assert list_session(library, "näme") == []


def test_a_number_means_one_thing_whoever_else_asked_in_the_session(newsroom: Newsroom) -> None:
    library = newsroom.library
    bridge = newsroom.publish("bridge.txt", TEXT)
    closed, ferry = "The harbour of Ghent was closed on Monday.", "The ferry to Texel sank."
    harbour = newsroom.publish("harbour.txt", f"Harbour\n\n{closed}\n\n{ferry}\n")

    def keep(statement: Statement, numbers: tuple[int, ...]) -> None:
        answer = make_answer(library, statement)
        store_answer(
            library, answer, ReceiptSettings(), ReceiptDetails(kind=Kind.ASK, session="one", numbers=numbers)
        )

    keep(quote(bridge, COST), (1,))
    keep(quote(harbour, closed), ())  # By the command line, while the chat session goes on with 2,
    keep(quote(bridge, OPENS), (2,))
    keep(quote(harbour, ferry), (2,))  # and another chat session too.
    numbering = Numbering.of_receipts(list_session(library, "one"))
    numbered = [(number, citation.quote) for number, citation in numbering.numbered]
    assert numbered == [(1, COST), (2, OPENS), (3, closed), (4, ferry)]
    assert [numbering.number(citation) for _, citation in numbering.numbered] == [1, 2, 3, 4]
