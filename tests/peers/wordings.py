"""How servers word their refusals, as the projects' own issue trackers quote them."""

from __future__ import annotations

from tests.peers.scripted_openai import Status

VLLM_REFUSES_SCHEMA = Status(
    400,
    "1 validation error for ChatCompletionRequest\nresponse_format.type\n  Input should be 'text' or "
    "'json_object' [type=literal_error, input_value='json_schema', input_type=str]",
    code=400,
    type="BadRequestError",
)
LLAMA_CPP_REFUSES_SCHEMA = Status(
    400,
    'response_format type must be one of "text" or "json_object", but got: json_schema',
    code=400,
)
LLAMA_CPP_CANNOT_COMPILE = Status(400, "Failed to initialize samplers: failed to parse grammar", code=400)
LM_STUDIO_REFUSES_OBJECT = Status(
    400, body={"error": "'response_format.type' must be 'json_schema' or 'text'"}
)
OPENAI_REFUSES_SCHEMA = Status(
    400,
    "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model. Learn "
    "more about supported models at the Structured Outputs guide.",
)
OLD_SERVER_REFUSES_FORMAT = Status(
    422,
    body={
        "detail": [
            {
                "type": "extra_forbidden",
                "loc": ["body", "response_format"],
                "msg": "Extra inputs are not permitted",
            }
        ]
    },
)

OPENAI_TOO_LONG = Status(
    400,
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 10231 tokens. "
    "Please reduce the length of the messages.",
    code="context_length_exceeded",
)
LLAMA_CPP_TOO_LONG = Status(
    400,
    "request (1407 tokens) exceeds the available context size (256 tokens), try increasing it",
    code=400,
    type="exceed_context_size_error",
    fields={"n_prompt_tokens": 1407, "n_ctx": 256},
)
VLLM_TOO_LONG = Status(
    400,
    "This model's maximum context length is 4096 tokens. However, you requested 5120 tokens (4608 in the "
    "messages, 512 in the completion). Please reduce the length of the messages or completion.",
    code=400,
    type="BadRequestError",
)
LM_STUDIO_TOO_LONG = Status(
    400,
    body={
        "error": "Trying to keep the first 6000 tokens when context the overflows. However, the model is "
        "loaded with context length of only 4096 tokens, which is not enough."
    },
)
OPENAI_TOO_LARGE = Status(
    429,
    "Request too large for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Requested "
    "45000. The input or output tokens must be reduced in order to run successfully.",
    code="rate_limit_exceeded",
    type="tokens",
)
UNKNOWN_MODEL = Status(
    404, "The model `nothing` does not exist or you do not have access to it.", code="model_not_found"
)
WRONG_KEY = Status(401, "Incorrect API key provided: sk-wrong.", code="invalid_api_key")
AZURE_FILTERED = Status(
    400,
    "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    code="content_filter",
)
