"""How many quotes an answer needs, and in which order: `python -m bench.quotes margin|order --data PATH`.

English questions over XQuAD-R's development articles.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.settings.paths import find_paths
from bench.retrieval.library import open_library, rank_units
from eval.runs.libraries import RememberingEmbedder
from eval.suites.datasets import compose_xquad, read_questions, read_sentences
from vectorstore import ANSWERABLE_AT, E5Embedder, Filters

MARGINS = (0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 9.0)
"""Token score below the best; the last keeps all."""
MOST = 5
"""Quotes of an answer, as shipped."""

BONUSES = (0.0, 0.03, 0.06, 0.09, 0.12, 0.15, 0.2)
"""Token score that a quote in the question's own language gets."""

app = typer.Typer(add_completion=False)


@app.command()
def order(
    data: Annotated[Path, typer.Option("--data", metavar="PATH", help="The evaluation data.")],
    languages: Annotated[
        str, typer.Option("--languages", help="Of the articles, in one pool.")
    ] = "en,de,es,ru,zh,ar",
    articles: Annotated[int, typer.Option("--articles", min=1, help="The first so many.")] = 12,
    every: Annotated[int, typer.Option("--every", min=1, help="Ask every n-th question.")] = 6,
) -> None:
    """Print, for each bonus, in what language the first quote is, and whether it answers.

    The second figure of each is with the English version of the question's article away.
    """
    tags, cache = languages.split(","), find_paths().cache
    embedder = RememberingEmbedder(E5Embedder.bundled(cache, 2))
    sentences = [one for one in read_sentences(data) if one.lang in tags and one.art < articles]
    questions = [one for one in read_questions(data) if one.lang == "en" and one.article < articles][::every]
    documents = compose_xquad(sentences)
    by_id = {document.id: document for document in documents}
    own, right, foreign = ([0] * len(BONUSES) for _ in range(3))
    with open_library(documents, embedder, cache, depth=24) as library:
        tongue = {document.id: document.language for document in documents}
        for question in questions:
            evidence = library.search(question.question, Filters(), limit=40).evidence
            gold = set(question.gold.values())
            english = {one.article_id for one in evidence if question.gold["en"] in rank_units([one], by_id)}
            away = [one for one in evidence if one.article_id not in english]
            for row, bonus in enumerate(BONUSES):
                first = max(evidence, key=lambda one: one.score + bonus * (tongue[one.article_id] == "en"))
                own[row] += tongue[first.article_id] == "en"
                right[row] += bool(gold & set(rank_units([first], by_id)))
                other = max(away, key=lambda one: one.score + bonus * (tongue[one.article_id] == "en"))
                foreign[row] += bool(gold & set(rank_units([other], by_id)))
    count = len(questions)
    for row, bonus in enumerate(BONUSES):
        typer.echo(
            f"{bonus:4.2f}  English first {own[row]} of {count}  right {right[row] / count:.3f}  "
            f"right without the English version {foreign[row] / count:.3f}"
        )


@app.command()
def margin(
    data: Annotated[Path, typer.Option("--data", metavar="PATH", help="The evaluation data.")],
    languages: Annotated[str, typer.Option("--languages", help="Of the articles.")] = "en,de,zh",
    every: Annotated[int, typer.Option("--every", min=1, help="Ask every n-th question.")] = 3,
) -> None:
    """Print, for each margin, how often the right sentence is shown and how many are."""
    cache = find_paths().cache
    embedder = RememberingEmbedder(E5Embedder.bundled(cache, 2))
    questions = [question for question in read_questions(data) if question.lang == "en"][::every]
    for language in languages.split(","):
        documents = compose_xquad([one for one in read_sentences(data) if one.lang == language])
        by_id = {document.id: document for document in documents}
        shown, right, answered = [0] * len(MARGINS), [0] * len(MARGINS), 0
        with open_library(documents, embedder, cache, depth=8) as library:
            for question in questions:
                result = library.search(question.question, Filters(), limit=30)
                if result.answerable < ANSWERABLE_AT:
                    continue
                answered += 1
                best = result.evidence[0].score
                for row, margin in enumerate(MARGINS):
                    chosen = [one for one in result.evidence if one.score >= best - margin][:MOST]
                    shown[row] += len(chosen)
                    right[row] += question.gold[language] in rank_units(chosen, by_id)
        typer.echo(f"{language}: {answered} of {len(questions)} questions answered")
        for row, margin in enumerate(MARGINS):
            typer.echo(
                f"  {margin:5.2f}  right {right[row] / answered:.3f}  quotes {shown[row] / answered:.2f}"
            )


if __name__ == "__main__":
    app()
