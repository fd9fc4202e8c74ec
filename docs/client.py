"""A client of the portal in the standard library alone: files a declaration, pays, waits, prints.

    PORTAL=https://portal.example CLIENT_ID=… CLIENT_SECRET=… python docs/client.py declaration.json FOLDER

`declaration.json` is the body of `POST /api/v1/declarations/lodge/` (see /api/docs/). Whatever breaks on the way, start
it again: the reference (`lrn`) lodges once, the key pays once.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

PORTAL = os.environ.get("PORTAL", "http://127.0.0.1:8000")
SECONDS = float(os.environ.get("WAIT_SECONDS", "600"))


def call(method: str, path: str, body: object = None, **headers: str) -> tuple[int, bytes]:
    """One request; sent again after `Retry-After` as long as the portal is busy."""
    form = isinstance(body, str)
    content = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body).encode()
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    for _attempt in range(20):
        try:
            asked = Request(f"{PORTAL}{path}", content, {"Content-Type": kind, **headers}, method=method)  # noqa: S310
            with urlopen(asked, timeout=30) as answer:  # noqa: S310
                if answer.status != 202:
                    return answer.status, answer.read()
                pause = answer.headers.get("Retry-After", "1")
        except HTTPError as refused:
            if refused.code not in (429, 503):
                sys.exit(f"{method} {path}: {refused.code}\n{refused.read().decode()}")
            pause = refused.headers.get("Retry-After", "2")
        time.sleep(float(pause))
    sys.exit(f"{method} {path}: the portal stays busy")


def token() -> dict[str, str]:
    who = {"client_id": os.environ["CLIENT_ID"], "client_secret": os.environ["CLIENT_SECRET"]}
    lent = json.loads(call("POST", "/api/oauth/token/", urlencode({"grant_type": "client_credentials", **who}))[1])
    return {"Authorization": f"Bearer {lent['access_token']}"}


def wait_for(mrn: str, wanted: str, signed: dict[str, str]) -> None:
    """Follow the feed until `wanted` has happened to the declaration."""
    after, until = 0, time.monotonic() + SECONDS
    while time.monotonic() < until:
        news: dict[str, Any] = json.loads(call("GET", f"/api/v1/events/?after={after}&limit=500", **signed)[1])
        for event in news["results"]:
            if event["data"].get("mrn") == mrn:
                print(event["timestamp"], event["type"], flush=True)
                if event["type"] == wanted:
                    return
        after = news["after"]
        time.sleep(0 if news["more"] else 2)
    sys.exit(f"{mrn}: no {wanted} after {SECONDS:g} s")


def main(content: Path, folder: Path) -> None:
    signed = token()
    made = json.loads(call("POST", "/api/v1/declarations/lodge/", json.loads(content.read_text()), **signed)[1])
    mrn = made["mrn"]
    print(mrn, made["status"], flush=True)
    if made["status"] == "assessed":
        call("POST", f"/api/v1/declarations/{mrn}/pay/", {}, **{**signed, "Idempotency-Key": f"pay {mrn}"})
    wait_for(mrn, "declaration.released", signed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{mrn}.pdf").write_bytes(call("GET", f"/api/v1/declarations/{mrn}/papers/sad/", **signed)[1])
    for file in json.loads(call("GET", f"/api/v1/declarations/{mrn}/files/", **signed)[1]):
        (folder / file["name"]).write_bytes(call("GET", f"/api/v1/files/{file['id']}/", **signed)[1])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
