"""An issuer of tokens for tests: its keys, and a small server that hands them out as a test says."""

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

ISSUER = "issuer-7"
AUDIENCE = "onduty"
_MAKERS = {
    "RS256": (lambda: rsa.generate_private_key(65537, 2048), RSAAlgorithm),
    "ES256": (lambda: ec.generate_private_key(ec.SECP256R1()), ECAlgorithm),
    "EdDSA": (ed25519.Ed25519PrivateKey.generate, OKPAlgorithm),
}


class Issuer:
    """Keys by their ids, and tokens that are good unless a test says otherwise."""

    def __init__(self, now: int) -> None:
        """``now`` in seconds: tokens are of a minute before, and end in an hour."""
        self.now = now
        self.keys: dict[str, tuple[str, Any]] = {}
        self.add("first")

    def add(self, key_id: str, algorithm: str = "ES256") -> None:
        """One more key."""
        self.keys[key_id] = (algorithm, _MAKERS[algorithm][0]())

    def public(self, key_id: str) -> dict[str, Any]:
        """A key as a set has it."""
        algorithm, key = self.keys[key_id]
        found = json.loads(_MAKERS[algorithm][1].to_jwk(key.public_key()))
        return {**found, "kid": key_id, "use": "sig", "alg": algorithm}

    @property
    def key_set(self) -> bytes:
        """All keys, as a JSON Web Key Set."""
        return json.dumps({"keys": [self.public(key_id) for key_id in self.keys]}).encode()

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Good claims, some changed; None leaves one out."""
        good = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "lea",
            "nbf": self.now - 60,
            "exp": self.now + 3600,
            "onduty_tenants": ["north"],
            "onduty_roles": ["router"],
        }
        return {name: value for name, value in {**good, **changed}.items() if value is not None}

    def token(self, key_id: str = "first", headers: dict[str, Any] | None = None, **changed: Any) -> str:
        """A token that the key has signed."""
        algorithm, key = self.keys[key_id]
        return jwt.encode(self.claims(**changed), key, algorithm, headers={"kid": key_id, **(headers or {})})


class KeyServer:
    """Hands the keys out at ``address``, and counts how often it was asked."""

    def __init__(self, issuer: Issuer) -> None:
        """``answer`` None: it refuses; ``redirect``: it leads elsewhere; ``trickles``: its answers have no end."""
        self.issuer = issuer
        self.asked = 0
        self.answer: bytes | None = b""
        self.redirect = ""
        self.trickles = threading.Event()
        self.address = ""

    def content(self) -> bytes | None:
        """What it answers next."""
        self.asked += 1
        return self.issuer.key_set if self.answer == b"" else self.answer


@contextlib.contextmanager
def key_server(issuer: Issuer) -> Iterator[KeyServer]:
    """A server of keys on loopback for the length of the block."""
    told = KeyServer(issuer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = told.content()
            self.send_response(302 if told.redirect else 500 if content is None else 200)
            if told.redirect:
                self.send_header("Location", told.redirect)
            self.end_headers()
            self.wfile.write(content or b"")
            with contextlib.suppress(OSError):
                while told.trickles.is_set():  # until the peer has enough of it.
                    self.wfile.write(b" " * 65_536)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.address = f"http://127.0.0.1:{server.server_address[1]}/keys"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
