"""Postman collections: requests with their headers, variables filled in, secrets left out, hostile files refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workbench.errors import ErrorCode, InputError
from workbench.exchange import Request
from workbench.interchange import read_collection

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
URL = "https://a.example/x"
NO_SCHEMA = "it does not say that it is a Postman collection of version 2.1"


def collection(*items: dict[str, Any], **more: Any) -> str:
    return json.dumps({"info": {"name": "Mock", "schema": SCHEMA}, "item": list(items), **more})


def item(name: str = "One", **request: Any) -> dict[str, Any]:
    return {"name": name, "request": {"method": "GET", "url": URL, **request}}


def test_requests_of_folders_come_in_their_order_with_variables_filled_in() -> None:
    text = collection(
        {
            "name": "Folder",
            "item": [item("A", url={"raw": "{{base}}/Slot?x={{n}}"}, header=[{"key": "X-A", "value": "{{n}}"}])],
        },
        item("B", method="post", body={"mode": "raw", "raw": '{"a": "{{ n }}"}'}),
        {"name": "C", "request": URL},
        variable=[
            {"key": "base", "value": "https://{{host}}"},
            {"key": "host", "value": "b.example"},
            {"key": "n", "value": "7"},
        ],
    )
    calls = read_collection(text)
    assert [(call.name, call.request) for call in calls] == [
        ("Folder / A", Request("GET", "https://b.example/Slot?x=7", (("X-A", "7"),))),
        ("B", Request("POST", URL, (), b'{"a": "7"}')),
        ("C", Request("GET", URL)),
    ]
    assert all(not call.left_out for call in calls)


def test_secrets_do_not_come_in() -> None:
    text = collection(
        {
            **item(
                header=[
                    {"key": "Authorization", "value": "Bearer hush"},
                    {"key": "X-Off", "value": "hush", "disabled": True},
                    {"key": "X-T", "value": "{{token}}"},
                ],
                auth={"type": "bearer", "bearer": [{"key": "token", "value": "hush"}]},
                url="https://me:hush@a.example/x#hush",
                method="POST",
                body={
                    "mode": "urlencoded",
                    "urlencoded": [{"key": "client_assertion", "value": "hush"}, {"key": "b", "value": "{{other}}"}],
                },
            ),
            "event": [{"listen": "prerequest", "script": {"exec": ["hush"]}}],
        },
        variable=[{"key": "token", "value": "hush"}, {"key": "v", "type": "secret", "value": "hush"}],
        auth={"type": "basic", "basic": [{"key": "password", "value": "hush"}]},
    )
    (call,) = read_collection(text)
    assert "hush" not in repr(call) + str(call.request.headers) + str(call.request.body)
    assert call.request == Request("POST", URL, (("X-T", "{{token}}"),), b"b=%7B%7Bother%7D%7D")
    assert call.left_out == (
        "Its authorisation is a secret and was left out.",
        "Its scripts were left out.",
        "Authorization is a secret and was left out.",
        "client_assertion: secrets were left out.",
        "token: secrets were left out.",
    )


def test_what_is_not_known_stays_and_is_told() -> None:
    (call,) = read_collection(
        collection(item(url="{{base}}/x", method="G\nT", body={"mode": "file", "file": {"src": "/etc/passwd"}}))
    )
    assert call.request == Request("GET", "https://{{base}}/x")
    assert call.left_out == (
        "Its method is none of HTTP; it became GET.",
        "Its body is a file, which is not taken over.",
        "No value is there for base.",
    )


@pytest.mark.parametrize(
    ("text", "code", "cause"),
    [
        ("", ErrorCode.INPUT_NOT_JSON, None),
        ("{", ErrorCode.INPUT_NOT_JSON, None),
        ("[]", ErrorCode.INPUT_COLLECTION, "it is no JSON object"),
        ("{}", ErrorCode.INPUT_COLLECTION, NO_SCHEMA),
        ('{"resourceType": "Bundle"}', ErrorCode.INPUT_COLLECTION, NO_SCHEMA),
        (collection(), ErrorCode.INPUT_COLLECTION, "it has no requests"),
        (collection(item(url="javascript:alert(1)")), ErrorCode.INPUT_COLLECTION, "it has no requests"),
        (collection(*[item()] * 1001), ErrorCode.INPUT_COLLECTION, "it has more than 1000 requests"),
        ('{"a":' * 100_000, ErrorCode.INPUT_TOO_DEEP, None),
        (" " * 21 * 1024 * 1024, ErrorCode.INPUT_TOO_LARGE, None),
    ],
)
def test_what_is_no_collection_is_refused(text: str, code: ErrorCode, cause: str | None) -> None:
    with pytest.raises(InputError) as caught:
        read_collection(text)
    assert caught.value.code is code
    assert cause is None or caught.value.cause == cause


def test_folders_within_folders_end() -> None:
    deep: dict[str, Any] = item()
    for _ in range(25):
        deep = {"name": "F", "item": [deep]}
    with pytest.raises(InputError) as caught:
        read_collection(collection(deep))
    assert caught.value.cause == "its folders lie deeper than 20"


def test_variables_that_multiply_are_bounded() -> None:
    variables = [{"key": f"v{n}", "value": f"{{{{v{n + 1}}}}}" * 100} for n in range(9)] + [
        {"key": "v9", "value": "x" * 1000}
    ]
    with pytest.raises(InputError) as caught:
        read_collection(collection(item(method="POST", body={"mode": "raw", "raw": "{{v0}}"}), variable=variables))
    assert caught.value.code is ErrorCode.INPUT_TOO_LARGE


@pytest.mark.parametrize("odd", [None, 1, "x", [], {}, [None], [[1]], {"raw": 1}, {"mode": {}}])
@pytest.mark.parametrize("place", ["method", "url", "header", "body", "auth"])
def test_parts_of_another_shape_do_no_harm(place: str, odd: object) -> None:
    calls = read_collection(collection(item(**{place: odd}), item("Good"), variable=odd))
    assert calls[-1].name == "Good"
