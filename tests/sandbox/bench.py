"""The embedded sandbox served over HTTP, a client that knows nothing of it, and a listener for the replies."""

# ruff: noqa: ANN001, ANN003 - what tests hand through

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import httpx

from tests.receiver.builders import DOS
from workbench.compose import Links, Party, PatientFacts, Setting, compose
from workbench.headers import HeaderChoices, Organisation, Software, TargetIdentifier, compose_headers, use_context
from workbench.messages import Message, parse
from workbench.receiver import BASE
from workbench.session.standalone import StandaloneSandbox
from workbench.standard import default_profile
from workbench.standard.operations import operations

SENDER = Party("Mock Call Centre", "ZZM01", "9990000917", "Mock Call Desk")
ED, CAS, CAD, ANY = "2000011147", "2000003366", "2000159909", "2000072489"
LEAST = ("Slot:schedule", "Schedule:actor:HealthcareService")


BEGIN = datetime(2026, 7, 20, 8, 0, tzinfo=UTC)
_STARTED = time.monotonic()


def now() -> datetime:
    """A clock that began on a fixed day when the tests did."""
    return BEGIN + timedelta(seconds=time.monotonic() - _STARTED)


def new_id() -> str:
    return str(uuid.uuid4())


class Listener:
    """A receiver outside: keeps what it is sent and answers as told."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.statuses: list[int] = []
        """Answered in turn; afterwards 200."""
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = listener.statuses.pop(0) if listener.statuses else 200
                self.send_response(status)
                self.send_header("Content-Type", "application/fhir+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                listener.messages.append(parse(body))

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}{BASE}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def wait(self, count: int) -> list[Message]:
        until = time.monotonic() + 10
        while len(self.messages) < count:
            assert time.monotonic() < until, f"{len(self.messages)} of {count} replies came"
            threading.Event().wait(0.01)
        return self.messages

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Bench:
    """One sandbox at work."""

    def __init__(self, **settings) -> None:
        self.told: list[dict[str, object]] = []
        self.listener = Listener()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.served = self.on_loop(self._start(settings))
        self.http = httpx.Client(trust_env=False, timeout=30)

    async def _start(self, settings: dict[str, object]) -> StandaloneSandbox:
        served = StandaloneSandbox(
            clock=now,
            ids=new_id,
            timer=time.monotonic,
            ask_token=False,
            tell=self.told.append,
            delays={},
            **settings,  # type: ignore[arg-type]
        )
        address = await served.start("127.0.0.1", 0, None)
        served.route(SENDER.service_id, self.listener.url)
        self.origin = address.origin
        return served

    def on_loop(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        self.http.close()
        self.on_loop(self.served.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self.listener.close()

    # messages

    def message(
        self,
        template: str,
        use_case: str,
        service: str,
        patient: str = "9990000417",
        family: str = "Quillfeather",
        links: Links | None = None,
        **facts: str,
    ) -> Message:
        known = {"given": "Ash", "birth_date": "1990-02-03", "phone": "01632 960400", **facts}
        person = PatientFacts("p", family, nhs_number="" if patient == "none" else patient, **known)
        receiver = Party("Mock Hospital", "ZZM02", service, "Mock Service")
        setting = Setting(SENDER, receiver, person, use_case, default_profile(int(use_case[1])))
        return compose(template, setting, now=now(), ids=new_id, links=links or Links())

    def post(self, message: Message, service: str, *, organisation: str = SENDER.ods_code, **headers: str):
        made = compose_headers(
            operations()["process-message"],
            target=TargetIdentifier(DOS, service),
            organisation=Organisation(SENDER.name, organisation),
            practitioner=None,
            software=Software("Mock", "1", "https://mock.example/Id/software", "MOCK-1"),
            request_id=new_id(),
            correlation_id=new_id(),
            use_context=use_context(message.facts),
            versions=default_profile(),
            content_type="application/fhir+json",
            choices=HeaderChoices(),
        )
        return self.http.post(
            f"{self.origin}{BASE}/$process-message", content=message.source, headers={**dict(made), **headers}
        )

    def send(self, template: str, use_case: str, service: str, patient: str = "9990000417", **more):
        headers = {name: more.pop(name) for name in ("organisation", "echo") if name in more}
        return self.post(self.message(template, use_case, service, patient, **more), service, **headers)

    # calls

    def get(self, path: str, service: str = ANY, query: list[tuple[str, str]] | None = None, method: str = "GET"):
        target = {"system": DOS, "value": service}
        organisation = {
            "resourceType": "Organization",
            "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "ZZM01"}],
            "name": "Mock Call Centre",
        }
        made = compose_headers(
            operations()["slot-search"],
            target=TargetIdentifier(DOS, service),
            organisation=Organisation(SENDER.name, SENDER.ods_code),
            practitioner=None,
            software=Software("Mock", "1", "https://mock.example/Id/software", "MOCK-1"),
            request_id=new_id(),
            correlation_id=new_id(),
            use_context="",
            versions=default_profile(),
            content_type="",
            choices=HeaderChoices(),
        )
        headers = {
            **dict(made),
            "NHSD-Target-Identifier": _base64(target),
            "NHSD-End-User-Organisation": _base64(organisation),
        }
        written = "&".join(f"{quote(name)}={quote(value)}" for name, value in query or [])
        return self.http.request(
            method, f"{self.origin}{BASE}{path}{'?' + written if written else ''}", headers=headers
        )

    def slots(self, service: str, status: str = "free", includes: tuple[str, ...] = LEAST):
        first = now().replace(microsecond=0)
        query = [
            ("Schedule.actor:HealthcareService", f"{DOS}|{service}"),
            ("start", f"ge{first.isoformat()}"),
            ("start", f"le{(first + timedelta(days=5)).isoformat()}"),
            *([("status", status)] if status else []),
            *(("_include", one) for one in includes),
        ]
        return self.get("/Slot", service, query)

    def definitions(self, service: str, *more: str, context: str = ""):
        contexts = [context or f"{DOS}|{service}", *more]
        return self.get("/MessageDefinition", service, [("context", one) for one in contexts])

    def rule(self) -> str:
        """The rule that answered last."""
        return str(next(row["answered_by"] for row in reversed(self.told) if row["direction"] == "in"))


def _base64(value: object) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


def ids(response, kind: str) -> list[str]:
    """Ids of the resources of a type in an answer."""
    found = response.json()
    entries = [entry["resource"] for entry in found.get("entry", [])] or [found]
    return [one.get("id") for one in entries if one["resourceType"] == kind]


def code(response) -> tuple[int, str, str]:
    """Status, error code and issue code of a refusal."""
    issue = response.json()["issue"][0]
    return response.status_code, issue["details"]["coding"][0]["code"], issue["code"]
