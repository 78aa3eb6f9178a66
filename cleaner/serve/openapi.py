"""The OpenAPI document, made from the types that requests and answers have.

A field that is added to one of them is described without a change here; a route or a status is not.
"""

from http import HTTPStatus
from typing import Any

import msgspec

from cleaner.record import Article
from cleaner.serve.answer import HTML, JSON, PROBLEM_TYPE, TEXT, Asked, Beside, Problem
from cleaner.version import __version__


class Health(msgspec.Struct, frozen=True):
    """That the server is there, and what it does: requests at work, and requests inside, those at work among them."""

    version: str
    rules_sha256: str
    workers: int
    busy: int
    inside: int


PROBLEM_REASONS = {
    400: "The JSON or the query is not as described here.",
    408: "The body did not arrive within the time limit.",
    413: "The body is larger than any article.",
    415: "The body is of no known media type, or packed.",
    422: "The body is no text, or no page.",
    500: "Cleaning broke on this document.",
    503: "Too many requests are inside; try again later.",
    504: "Cleaning took longer than the time limit.",
}
"""Every status but 200 that `serve.app` and `serve.answer` give, and why."""


Schema = dict[str, Any]
"""A part of the document, nested as JSON is."""


def describe_api() -> Schema:
    """What the server takes and gives, as OpenAPI 3.1.

    Requests, records and problems are described by the types that check and encode them, so that the document cannot
    fall behind.
    """
    kinds = (Article, Asked, Beside, Problem, Health)
    refs, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    record, asked, _, problem, health = refs
    # in a query these are parameters and not an object
    beside = schemas.pop("Beside")
    for name in ("Asked", "Problem"):
        schemas[name]["additionalProperties"] = False
    schemas["Asked"]["oneOf"] = [
        {"required": [key], "properties": {key: {"type": "string"}}} for key in ("text", "html")
    ]
    body = {TEXT: {"schema": {"type": "string"}}, HTML: {"schema": {"type": "string"}}, JSON: {"schema": asked}}
    clean = {
        "operationId": "clean",
        "summary": "Clean a text or a page.",
        "description": "Keys of a JSON body take the place of those of the query.",
        "parameters": [_describe_parameter(name, schema) for name, schema in beside["properties"].items()],
        "requestBody": {"required": True, "content": body},
        "responses": {"200": _describe_json("The record.", record), **_describe_problems(problem)},
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "cleaner",
            "version": __version__,
            "description": "Scraped text or HTML in, clean news articles out.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/clean": {"post": clean},
            "/health": _describe_get("health", "Say what the server is and does.", "The server is there.", health),
            "/openapi.json": _describe_get("openapi", "This document.", "This document.", {"type": "object"}),
        },
        "components": {"schemas": schemas},
    }


def _describe_get(id: str, summary: str, answer: str, schema: Schema) -> Schema:
    """A path that is only read, and answers with this schema."""
    return {"get": {"operationId": id, "summary": summary, "responses": {"200": _describe_json(answer, schema)}}}


def _describe_json(description: str, schema: Schema, media_type: str = JSON) -> Schema:
    """An answer, or anything else with a body of this schema."""
    return {"description": description, "content": {media_type: {"schema": schema}}}


def _describe_problems(schema: Schema) -> Schema:
    """The answers that are no record, by their status."""
    return {
        str(status): _describe_json(f"{HTTPStatus(status).phrase}. {why}", schema, PROBLEM_TYPE)
        for status, why in PROBLEM_REASONS.items()
    }


def _describe_parameter(name: str, schema: Schema) -> Schema:
    """A field as a parameter of the query, where nothing can be null.

    msgspec describes an optional field as one of two types, of which one is null; what is left is the parameter's.
    """
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "description", "default")}
    for one in schema.get("anyOf", ()):
        if one != {"type": "null"}:
            rest.update(one)
    if "enum" in rest:
        rest["enum"] = [value for value in rest["enum"] if value is not None]
    return {"name": name, "in": "query", "description": schema["description"], "schema": rest}
