"""`ChatOpenAI` with what it drops put back. Imported when a client is made, never before: it takes 0.8 s."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import BaseMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI


class RefusalKeepingChat(ChatOpenAI):
    """Adds a streamed refusal, in `additional_kwargs["refusal"]`, where a whole reply has it too."""

    # Without it a refusal is an empty reply, and would be taken for a server that cannot do JSON.

    def _convert_chunk_to_generation_chunk(
        self,
        chunk: dict[str, Any],
        default_chunk_class: type[BaseMessageChunk],
        base_generation_info: dict[str, Any] | None,
    ) -> ChatGenerationChunk | None:
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        choices = chunk.get("choices") or [{}]  # With a response_format LangChain adds it at the end itself.
        refusal = (choices[0].get("delta") or {}).get("refusal")
        if made is not None and refusal:
            made.message.additional_kwargs["refusal"] = refusal
        return made
