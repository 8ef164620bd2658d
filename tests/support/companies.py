"""A company's identity provider on loopback: tokens signed by a real key, and lies where tests want them."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET = "console", "a secret of both"


@dataclass
class Company:
    """`people` are the claims of whoever signs in next; `lies` replace claims of the signed token."""

    address: str = ""
    now: float = 0.0
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "7", "preferred_username": "Grace"})
    lies: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    signed_by: ECKey | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def sign_in(self, way: str) -> str:
        """What the browser does at the provider: the address that it is sent back to."""
        query = dict(parse_qsl(urlsplit(way).query))
        self.asked.append(query)
        code = secrets.token_hex(8)
        self.codes[code] = query
        answer = urlencode({"code": code, "state": query["state"], "iss": self.address})
        return f"{query['redirect_uri']}?{answer}"

    def metadata(self) -> dict[str, Any]:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        places = {key: f"{self.address}/{name}" for key, name in names.items()}
        return {"issuer": self.address, "userinfo_endpoint": f"{self.address}/userinfo", **places}

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """None where anything isn't as it was agreed on."""
        asked = self.codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
        if asked is None or authorization != f"Basic {basic}" or asked["code_challenge"] != challenge:
            return None
        if asked["redirect_uri"] != form.get("redirect_uri"):
            return None
        times = {"iat": int(self.now), "exp": int(self.now) + 300, "auth_time": int(self.now)}
        told = {
            "iss": self.address,
            "aud": CLIENT,
            "nonce": asked["nonce"],
            **times,
            **self.claims,
            **self.lies,
        }
        key = self.signed_by or self.key
        signed = jwt.encode({"alg": "ES256", "kid": "one"}, told, key)
        return {"access_token": "an access token", "token_type": "Bearer", "id_token": signed}


@contextlib.contextmanager
def standing(now: float) -> Iterator[Company]:
    company = Company(now=now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/userinfo" and self.headers["authorization"] != "Bearer an access token":
                self._say(None)
                return
            keys = {"keys": [company.key.as_dict(private=False)]}
            known = {
                "/.well-known/openid-configuration": company.metadata(),
                "/keys": keys,
                "/userinfo": company.userinfo,
            }
            self._say(known.get(path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(company.token(form, self.headers["authorization"]))

        def _say(self, told: dict[str, Any] | None) -> None:
            body = json.dumps(told or {"error": "no"}).encode()
            self.send_response(400 if told is None else 200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    company.address = f"http://127.0.0.1:{server.server_port}"
    running = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    running.start()
    try:
        yield company
    finally:
        server.shutdown()
        server.server_close()
        running.join()
