"""The published schemas say what the models do."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from bench.schemas import SCHEMAS, make_schema, read_schema
from eval.suites.loading import SHIPPED, list_shipped
from tests.eval.suites.writing import CASES, SUITE


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_is_published_is_what_the_models_say(name: str) -> None:
    assert read_schema(name) == make_schema(name) + "\n", "run python -m bench.schemas"
    jsonschema.Draft202012Validator.check_schema(json.loads(read_schema(name)))


@pytest.mark.parametrize("name", list_shipped())
def test_shipped_suites_follow_the_schemas(name: str) -> None:
    suites, cases = (jsonschema.Draft202012Validator(json.loads(read_schema(each))) for each in SCHEMAS)
    suites.validate(yaml.safe_load((SHIPPED / name / "suite.yaml").read_text("utf-8")))
    for path in (SHIPPED / name).glob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            cases.validate(json.loads(line))


def test_the_schema_refuses_what_the_loader_refuses(tmp_path: Path) -> None:
    suites, cases = (jsonschema.Draft202012Validator(json.loads(read_schema(each))) for each in SCHEMAS)
    assert cases.is_valid(CASES[0])
    assert not cases.is_valid({**CASES[0], "gald": []})
    assert not cases.is_valid({**CASES[0], "language": "english"})
    assert suites.is_valid(yaml.safe_load(SUITE))
    assert not suites.is_valid({**yaml.safe_load(SUITE), "format": 2})
