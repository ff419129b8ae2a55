"""A client as a stranger writes it, with curl, openssl and the standard library only: nothing here is of this project.

    client.py book BASE_URL [TOKEN_URL CLIENT_ID KEY_PEM KID]    slots, a booking, a linked referral, read back
    client.py validate BASE_URL [TOKEN_URL CLIENT_ID KEY_PEM KID]    a validation request, then wait for both replies
    client.py jwks KEY_PEM KID    the public key set of a key

`validate` prints a line `listening PORT` first: the sandbox must be told by --route to send replies there.
"""

import base64
import datetime
import http.client
import http.server
import json
import pathlib
import queue
import re
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
from typing import Any

HERE = pathlib.Path(__file__).parent
FHIR = "application/fhir+json; version=1.4.0"
HOSPITAL, ASSESSMENT = "2000011147", "2000003366"


def b64(raw: bytes, *, url: bool = False) -> str:
    return (base64.urlsafe_b64encode(raw).rstrip(b"=") if url else base64.b64encode(raw)).decode()


def headers(service: str, token: str) -> dict[str, str]:
    target = {"system": "https://fhir.nhs.uk/Id/dos-service-id", "value": service}
    organisation = {
        "resourceType": "Organization",
        "name": "Mock Call Centre",
        "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "ZZM01"}],
    }
    software = {
        "resourceType": "Device",
        "deviceName": [{"name": "Strange Client", "type": "manufacturer-name"}],
        "identifier": [{"system": "https://strange.example", "value": "client"}],
        "version": [{"value": "1"}],
    }
    found = {
        "Content-Type": FHIR,
        "Accept": FHIR,
        "X-Request-Id": str(uuid.uuid4()),
        "X-Correlation-Id": str(uuid.uuid4()),
        "NHSD-Target-Identifier": b64(json.dumps(target).encode()),
        "NHSD-End-User-Organisation": b64(json.dumps(organisation).encode()),
        "NHSD-Requesting-Software": b64(json.dumps(software).encode()),
    }
    return {**found, "Authorization": f"Bearer {token}"} if token else found


def curl(url: str, service: str, token: str, body: Any = None) -> tuple[int, Any]:
    """One call with curl: its status and its JSON."""
    words = ["curl", "--silent", "--show-error", "--globoff", "--write-out", "\n%{http_code}", url]
    for name, value in headers(service, token).items():
        words += ["--header", f"{name}: {value}"]
    if body is not None:
        words += ["--data-binary", "@-"]
    text = json.dumps(body) if body is not None else None
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=True)
    answer, _, status = done.stdout.rpartition("\n")
    return int(status), json.loads(answer)


def openssl(*words: str, feed: bytes | None = None) -> bytes:
    return subprocess.run(["openssl", *words], input=feed, capture_output=True, check=True).stdout


def signed_in(token_url: str, client: str, key: str, kid: str) -> str:
    """A token for an assertion that openssl has signed (RS512)."""
    head = {"alg": "RS512", "typ": "JWT", "kid": kid}
    claims = {"iss": client, "sub": client, "aud": token_url, "jti": str(uuid.uuid4()), "exp": int(time.time()) + 240}
    plain = ".".join(b64(json.dumps(part).encode(), url=True) for part in (head, claims))
    signature = openssl("dgst", "-sha512", "-sign", key, feed=plain.encode())
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": f"{plain}.{b64(signature, url=True)}",
    }
    words = ["curl", "--silent", "--show-error", "--data-binary", "@-", token_url]
    done = subprocess.run(words, input=urllib.parse.urlencode(form), capture_output=True, text=True, check=True)
    return str(json.loads(done.stdout)["access_token"])


def jwks(key: str, kid: str) -> dict[str, Any]:
    modulus = openssl("rsa", "-in", key, "-noout", "-modulus").decode().strip().partition("=")[2]
    row = {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS512",
        "kid": kid,
        "n": b64(bytes.fromhex(modulus), url=True),
        "e": "AQAB",
    }
    return {"keys": [row]}


def message(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text("utf-8"))


def of_type(bundle: Any, kind: str) -> list[Any]:
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]


def book(base: str, token: str) -> dict[str, Any]:
    """Slots, booking, referral, read back: an id of each that the receiver gave."""
    now = datetime.datetime.fromtimestamp(time.time(), datetime.UTC)
    query = [
        ("Schedule.actor:HealthcareService", HOSPITAL),
        ("status", "free"),
        ("start", f"ge{now:%Y-%m-%dT%H:%M:%SZ}"),
        ("start", f"le{now + datetime.timedelta(days=7):%Y-%m-%dT%H:%M:%SZ}"),
        ("_include", "Slot:schedule"),
        ("_include", "Schedule:actor:HealthcareService"),
    ]
    status, found = curl(f"{base}/Slot?{urllib.parse.urlencode(query)}", HOSPITAL, token)
    assert status == 200, found
    slot = of_type(found, "Slot")[0]
    booking = message("booking")
    (own,) = of_type(booking, "Slot")
    own.update(id=slot["id"], start=slot["start"], end=slot["end"])
    (appointment,) = of_type(booking, "Appointment")
    appointment.update(start=slot["start"], end=slot["end"])
    status, answer = curl(f"{base}/$process-message", HOSPITAL, token, booking)
    assert status == 200, answer
    given = of_type(answer, "Appointment")[0]["id"]
    referral = json.loads(json.dumps(message("referral")).replace("APPOINTMENT-ID", given))
    status, answer = curl(f"{base}/$process-message", HOSPITAL, token, referral)
    assert status == 200, answer
    referred = of_type(answer, "ServiceRequest")[0]["id"]
    status, read = curl(f"{base}/Appointment/{given}", HOSPITAL, token)
    assert (status, read["status"]) == (200, "booked"), read
    return {"appointment": given, "referral": referred}


class Listener(http.server.BaseHTTPRequestHandler):
    """Takes replies and says 200 with the body it was given."""

    protocol_version = "HTTP/1.1"
    came: "queue.Queue[tuple[str, Any]]" = queue.Queue()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        for name in ("X-Request-Id", "X-Correlation-Id", "Content-Type"):
            self.send_header(name, str(self.headers[name]))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.came.put((self.path, json.loads(body)))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def validate(base: str, token: str) -> dict[str, Any]:
    """A validation request by http.client; then its interim and its full response, which must name it."""
    body = message("validation")
    parts = urllib.parse.urlsplit(base)
    call = http.client.HTTPConnection(parts.netloc)
    call.request("POST", f"{parts.path}/$process-message", json.dumps(body), headers(ASSESSMENT, token))
    answer = call.getresponse()
    text = answer.read()
    assert answer.status == 200, text
    replies = []
    for _ in range(2):
        path, reply = Listener.came.get(timeout=30)
        (header,) = of_type(reply, "MessageHeader")
        assert path.endswith("/$process-message"), path
        assert re.sub("^urn:uuid:", "", header["response"]["identifier"]) == body["id"], header
        replies.append(header["eventCoding"]["code"])
    return {"replies": replies}


def main(words: list[str]) -> None:
    if words[0] == "jwks":
        print(json.dumps(jwks(*words[1:])))
        return
    if words[0] == "validate":
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print("listening", server.server_address[1], flush=True)
        words[1:] = sys.stdin.readline().split()
    token = signed_in(*words[2:]) if len(words) > 2 else ""
    print(json.dumps({"book": book, "validate": validate}[words[0]](words[1], token)))


if __name__ == "__main__":
    main(sys.argv[1:])
