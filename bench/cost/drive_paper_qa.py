"""paper-qa's `Docs.aquery` at its defaults. Runs in an environment of its own; see `peers.py`.

Articles are added with their names, so that no service for papers is asked about them. Its agent, which
decides when to gather evidence and when to answer, would add calls to those counted here.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import urllib.request
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lmi import EmbeddingModel, EmbeddingModes
from paperqa import Docs, Settings


class PaperQaServed(EmbeddingModel):
    """Embeddings of the counting server, questions and passages under their own names."""

    url: str
    query: str
    passage: str
    asks: bool = False

    def set_mode(self, mode: EmbeddingModes) -> None:
        self.asks = mode is EmbeddingModes.QUERY

    async def embed_documents(self, texts: list[str]) -> list[list[float]]:
        body = json.dumps({"model": self.query if self.asks else self.passage, "input": texts}).encode()
        request = urllib.request.Request(f"{self.url}/embeddings", body)
        with urllib.request.urlopen(request) as response:
            return [row["embedding"] for row in json.load(response)["data"]]


def make_settings(task: dict[str, Any]) -> Settings:
    """Defaults, but for where the model is and that nobody is asked about papers."""
    name = f"openai/{task['model']}"
    served = {"model": name, "api_base": task["url"], "api_key": "none"}
    config = {"model_list": [{"model_name": name, "litellm_params": served}]}
    return Settings(
        llm=name,
        llm_config=config,
        summary_llm=name,
        summary_llm_config=config,
        parsing={"use_doc_details": False},
    )


async def ask(task: dict[str, Any]) -> None:
    """Add the articles, put the questions."""
    settings = make_settings(task)
    served = PaperQaServed(
        name="e5", url=task["url"], query=task["query_model"], passage=task["passage_model"]
    )
    docs = Docs()
    with tempfile.TemporaryDirectory() as folder:
        for article in task["articles"]:
            path = Path(folder) / f"{article['key']}.txt"
            path.write_text(article["text"], "utf-8")
            await docs.aadd(
                path,
                citation=f"{article['key']}, 2024",
                docname=article["key"],
                settings=settings,
                embedding_model=served,
            )
    for question in task["questions"]:
        await docs.aquery(question, settings=settings, embedding_model=served)


def main() -> None:
    """Read what to do from standard input, do it, and say which version did it."""
    asyncio.run(ask(json.load(sys.stdin)))
    print(json.dumps({"version": version("paper-qa")}))


if __name__ == "__main__":
    main()
