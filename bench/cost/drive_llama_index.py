"""LlamaIndex's CitationQueryEngine at its defaults. Runs in an environment of its own; see `peers.py`."""

from __future__ import annotations

import json
import sys
import urllib.request
from importlib.metadata import version

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.llms.openai_like import OpenAILike


class Served(BaseEmbedding):
    """Embeddings of the counting server, questions and passages under their own names."""

    url: str
    query: str
    passage: str

    def _ask(self, model: str, texts: list[str]) -> list[list[float]]:
        body = json.dumps({"model": model, "input": texts}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/embeddings", body)) as response:
            return [row["embedding"] for row in json.load(response)["data"]]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._ask(self.query, [query])[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._ask(self.passage, [text])[0]


def main() -> None:
    """Read what to do from standard input, do it, and say which version did it."""
    task = json.load(sys.stdin)
    served = Served(url=task["url"], query=task["query_model"], passage=task["passage_model"])
    llm = OpenAILike(
        model=task["model"], api_base=task["url"], api_key="none", is_chat_model=True, context_window=128_000
    )
    documents = [Document(text=article["text"], doc_id=article["key"]) for article in task["articles"]]
    index = VectorStoreIndex.from_documents(documents, embed_model=served)
    engine = CitationQueryEngine.from_args(index, llm=llm)
    for question in task["questions"]:
        engine.query(question)
    print(json.dumps({"version": version("llama-index-core")}))


if __name__ == "__main__":
    main()
