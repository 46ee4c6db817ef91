"""The lexical index in SQLite's FTS5; the only module that knows its SQL.

A passage goes by its number in the `passages` table, and every function runs in the caller's transaction.
Terms arrive normalised and separated by spaces, so FTS5's `ascii` tokenizer only has to split there: it folds
ASCII only and takes every other character as part of a word, whereas `unicode61` goes by Unicode 6.1 and
drops scripts and letters added since. FTS5 stores its own copy of the terms: that makes taking a passage out
exact, whatever later versions of the normalisation would make of its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, column, delete, insert, literal_column, select, table, text
from sqlalchemy.exc import DatabaseError

from vectorstore.store import schema

POSTINGS_READ = 20_000
"""A search reads the entries of a question's rarest terms up to this many, and of the rarest one always.

Calibrated on XQuAD-R (question to sentence of its own language), P@1 when reading up to 0.2, 0.5 and 1
entries for each sentence in the index | all: en .744 .747 .752 | .752, de .649 .657 .658 | .658,
zh .725 .726 .726 | .726, th .650 .674 .691 | .709. So nothing is lost up to 20,000 passages and little up
to 50,000, where ten Zipf-distributed terms take 26 ms (50,000 entries: 43 ms; all: 93 ms).
"""

_lexical = table("lexical", column("rowid"), column("terms"), column("lexical"), column("rank"))
_frequencies = table("lexical_frequencies", column("term"), column("doc"))
_MATCHED: ColumnElement[str] = literal_column("lexical")
"""FTS5's hidden column of its table's name: what MATCH and commands go through."""


def create(connection: Connection) -> None:
    connection.execute(text("CREATE VIRTUAL TABLE lexical USING fts5(terms, tokenize = 'ascii')"))
    connection.execute(text("CREATE VIRTUAL TABLE lexical_frequencies USING fts5vocab(lexical, row)"))


def _quote(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def add_terms(connection: Connection, rows: Iterable[tuple[int, str]]) -> None:
    """Add passages: number, and terms with single spaces between."""
    # SQLAlchemy would insert one empty row for an empty list.
    if values := [{"rowid": number, "terms": terms} for number, terms in rows]:
        connection.execute(insert(_lexical), values)


def remove_terms(connection: Connection, numbers: Sequence[int]) -> None:
    for number in numbers:
        connection.execute(delete(_lexical).where(_lexical.c.rowid == number))


def clear(connection: Connection) -> None:
    """Take every passage out, even when the index is damaged."""
    # DELETE would read the damaged index; and the frequencies are a view of it, so they come first.
    connection.execute(text("DROP TABLE lexical_frequencies"))
    connection.execute(text("DROP TABLE lexical"))
    create(connection)


def search(
    connection: Connection, terms: Sequence[str], limit: int, conditions: Sequence[ColumnElement[bool]]
) -> list[str]:
    """Find up to `limit` passages with any of `terms` in articles that meet `conditions`: ids, best first."""
    wanted = _rarest(connection, terms)
    if not wanted or limit < 1:
        return []
    passages = schema.passages
    found = (
        select(passages.c.article_id, passages.c.ordinal)
        .select_from(_lexical)
        .join(passages, passages.c.number == _lexical.c.rowid)
        .where(_MATCHED.op("MATCH")(" OR ".join(map(_quote, wanted))))
        .order_by(_lexical.c.rank, passages.c.number)
        .limit(limit)
    )
    if conditions:
        of_articles = schema.articles.c.id == passages.c.article_id
        found = found.join(schema.articles, of_articles).where(*conditions)
    return [f"{article_id}:{ordinal}" for article_id, ordinal in connection.execute(found)]


def _rarest(connection: Connection, terms: Sequence[str]) -> list[str]:
    """Return those of `terms` that the index has, rarest first, as far as `POSTINGS_READ` goes."""
    known = select(_frequencies.c.term, _frequencies.c.doc).where(_frequencies.c.term.in_(terms))
    by_frequency = sorted((doc, term) for term, doc in connection.execute(known))
    rarest: list[str] = []
    postings = 0
    for frequency, term in by_frequency:
        postings += frequency
        if rarest and postings > POSTINGS_READ:
            break
        rarest.append(term)
    return rarest


def passage_numbers(connection: Connection) -> set[int]:
    return set(connection.scalars(select(_lexical.c.rowid)))


def find_damage(connection: Connection) -> list[str]:
    """Return the problems that FTS5's own integrity check finds; it needs a write transaction."""
    try:
        connection.execute(insert(table("lexical", column("lexical"))).values(lexical="integrity-check"))
    except DatabaseError as error:
        return [f"the lexical index does not fit its own terms ({error.orig})"]
    return []
