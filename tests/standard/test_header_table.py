from __future__ import annotations

from workbench.standard.header_table import HeaderShape, header_spec, header_specs
from workbench.standard.operations import operations


def test_names_are_found_without_case() -> None:
    assert header_spec("x-request-id") is header_specs()["X-Request-Id"]
    assert header_spec("X-Mock") is None


def test_required_depends_on_the_call() -> None:
    def needed(operation: str, *, has_body: bool) -> set[str]:
        call = operations()[operation]
        return {spec.name for spec in header_specs().values() if spec.required_in(call, has_body=has_body)}

    always = {
        "Authorization",
        "NHSD-End-User-Organisation",
        "NHSD-Requesting-Software",
        "X-Request-Id",
        "X-Correlation-Id",
        "Accept",
    }
    assert needed("metadata", has_body=False) == always
    assert needed("slot-search", has_body=False) == always | {"NHSD-Target-Identifier"}
    assert needed("process-message", has_body=True) == always | {
        "NHSD-Target-Identifier",
        "use-context",
        "Content-Type",
    }
    assert needed("token", has_body=True) == set()
    plain = {"Authorization", "X-Request-Id", "X-Correlation-Id", "Accept"}
    assert needed("pointer-read", has_body=False) == plain
    assert needed("endpoint-search", has_body=False) == plain | {"NHSD-End-User-Organisation"}


def test_a_call_carries_what_it_may_and_nothing_else() -> None:
    def carried(operation: str, version: str) -> set[str]:
        call = operations()[operation]
        return {spec.name for spec in header_specs().values() if spec.belongs_to(call, version=version)}

    assert "NHSD-Requesting-Practitioner" in carried("slot-search", "1.0.0")
    assert "NHSD-Target-Identifier" in carried("metadata", "1.0.0")
    assert "NHSD-Target-Identifier" not in carried("pointer-search", "1.5.0")
    assert "use-context" not in carried("pointer-create", "1.1.0")
    assert "use-context" in carried("pointer-create", "1.2.0")
    assert "NHSD-Requesting-Software" in carried("endpoint-read", "1.2.0")
    assert "NHSD-Requesting-Software" not in carried("endpoint-read", "1.4.0")


def test_the_token_stops_at_the_platform() -> None:
    assert [spec.name for spec in header_specs().values() if not spec.travels] == ["Authorization"]
    assert header_specs()["NHSD-Requesting-Practitioner"].resource_type == "PractitionerRole"
    assert header_specs()["NHSD-Target-Identifier"].shape is HeaderShape.BASE64_JSON
