"""The API's own description, made from the shapes it answers, so that the two cannot drift apart."""

from typing import Any

import msgspec
from django.http import HttpRequest

from ripeline.definition.model import STAGES
from ripeline.events.reason import Reason
from ripeline.server.api import acts, answers, identity, leads, records, replays

_SHAPES = {
    "LeadLine": answers.LeadLine,
    "LeadDetail": answers.LeadDetail,
    "EventLine": answers.EventLine,
    "Transition": answers.Transition,
    "RefusedLine": answers.RefusedLine,
    "DefinitionLine": answers.DefinitionLine,
    "Moved": answers.Moved,
    "Replayed": answers.Replayed,
    "Error": answers.Error,
    "Doubt": answers.Doubt,
    "Ruled": answers.Ruled,
    "ActWish": acts.ActWish,
    "OutcomeWish": acts.OutcomeWish,
    "ReplayWish": replays.ReplayWish,
    "DiscardWish": replays.DiscardWish,
    "RulingWish": identity.RulingWish,
    "UnmergeWish": identity.UnmergeWish,
    "UndoWish": identity.UndoWish,
}


_ORDER = (
    "`recent`: latest event first; whoever acts while you read pages stands before them then, and no one comes twice. "
    "To copy all, read by `id`: that order never changes, and gives each once."
)


def openapi(request: HttpRequest) -> dict[str, Any]:
    """OpenAPI 3.1."""
    _, schemas = msgspec.json.schema_components(list(_SHAPES.values()), ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ripeline", "version": "1", "description": __doc__},
        "servers": [{"url": request.build_absolute_uri("/api/v1")}],
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "An API token, `at_…`."}},
            "schemas": schemas,
        },
    }


def _paths() -> dict[str, Any]:
    lead = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]
    limit = _asked("limit", type="integer", minimum=1, maximum=200, default=50)
    cursor = _asked("cursor", "Where the page begins: part of `next`. Follow that as it stands.")
    return {
        "/leads": {
            "get": _get(
                "Leads and visitors",
                _items("LeadLine"),
                [
                    *(_asked(name) for name in ("search", "email", "user_id", "anonymous_id", "owner")),
                    _asked("stage", enum=list(STAGES)),
                    _asked("account", "The `id` of a lead's account: all its members.", type="integer", minimum=1),
                    _asked("order", _ORDER, enum=list(leads.ORDERS), default="recent"),
                    cursor,
                    limit,
                ],
            )
        },
        "/leads/{id}": {"parameters": lead, "get": _get("One lead, scored now", _of("LeadDetail"))},
        "/leads/{id}/events": {
            "parameters": lead,
            "get": _get("A lead's events, oldest first", _items("EventLine"), [cursor, limit]),
        },
        "/leads/{id}/transitions": {
            "parameters": lead,
            "get": _get("A lead's recorded moves", _items("Transition")),
            "post": _post("Accept, reject, recycle, take, reassign, win, lose or undo", "ActWish"),
        },
        "/leads/{id}/unmerge": {
            "parameters": lead,
            "post": _post("Make a merged lead one of its own again", "UnmergeWish", answer="Ruled"),
        },
        "/doubts": {
            "get": _get(
                "Leads who may be one person", _items("Doubt"), [_asked("after", type="integer", minimum=0), limit]
            )
        },
        "/rulings": {"post": _post("Decide that leads are one person, or are not", "RulingWish", answer="Ruled")},
        "/rulings/{id}/undo": {
            "parameters": lead,
            "post": _post("Take such a decision back", "UndoWish", answer="Ruled"),
        },
        "/outcomes": {"post": _post("Report a deal won or lost", "OutcomeWish")},
        "/refused": {
            "get": _get(
                "Messages that are no events, newest first",
                _items("RefusedLine"),
                [
                    _asked("source"),
                    _asked("reason", enum=[reason.value for reason in Reason]),
                    _asked("show", "What became of them; all where it is left out.", enum=list(records.SHOWN)),
                    _asked("before", type="integer"),
                    limit,
                ],
            )
        },
        "/refused/{id}": {"parameters": lead, "get": _get("One, with all of its text", _of("RefusedLine"))},
        "/refused/{id}/replay": {
            "parameters": lead,
            "post": _post("Read it again, as it is or mended", "ReplayWish", "Replayed", required=False),
        },
        "/refused/{id}/discard": {
            "parameters": lead,
            "post": _post("Leave it as it is", "DiscardWish", "RefusedLine", required=False),
        },
        "/definitions": {"get": _get("Published versions, newest first", _items("DefinitionLine"))},
        "/definitions/{version}": {
            "parameters": [{"name": "version", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": _get("One published version", _of("DefinitionLine")),
        },
    }


def _asked(name: str, description: str = "", /, **schema: Any) -> dict[str, Any]:
    told = {"description": description} if description else {}
    return {"name": name, "in": "query", **told, "schema": {"type": "string", **schema}}


def _of(shape: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{shape}"}


def _items(shape: str) -> dict[str, Any]:
    properties = {"items": {"type": "array", "items": _of(shape)}, "next": {"type": ["string", "null"]}}
    return {"type": "object", "properties": properties, "required": ["items", "next"]}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _answers(schema: dict[str, Any]) -> dict[str, Any]:
    failed = {"description": "An error", "content": _json(_of("Error"))}
    return {"200": {"description": "Done", "content": _json(schema)}, "default": failed}


def _get(summary: str, schema: dict[str, Any], parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"summary": summary, "parameters": parameters or [], "responses": _answers(schema)}


def _post(summary: str, wish: str, answer: str = "Moved", *, required: bool = True) -> dict[str, Any]:
    content = {"required": required, "content": _json(_of(wish))}
    return {"summary": summary, "requestBody": content, "responses": _answers(_of(answer))}
