"""Planted secrets: a server that is shown each in every way, good and bad, writes and answers none of them."""

import json
import time
from pathlib import Path
from typing import Any

import grpc
from certificates import NAMES, Authority
from credentials import KeyFile
from issuer import AUDIENCE, ISSUER, Issuer
from jwt.algorithms import ECAlgorithm
from running_server import running_server
from wait_until import wait_until

from onduty.v1 import admin_service_pb2, server_service_pb2
from onduty.v1.admin_service_pb2_grpc import AdminServiceStub
from onduty.v1.server_service_pb2_grpc import ServerServiceStub

LEAST = 24
"""A shorter line could be anywhere by chance."""


def planted(issuer: Issuer, keys: KeyFile, pair: tuple[bytes, bytes]) -> list[str]:
    """What must be nowhere: keys, their hashes, tokens, a private part of the issuer's key, lines of the certificate's key."""
    algorithm, private = issuer.keys["first"]
    assert algorithm == "ES256"
    part = json.loads(ECAlgorithm.to_jwk(private))["d"]
    tokens = [issuer.token(onduty_roles=["admin"]), issuer.token(exp=issuer.now - 60), Issuer(issuer.now).token()]
    hashes = [line["sha256"] for line in keys.lines.values()]
    pem = [line for line in pair[1].decode().splitlines() if len(line) > LEAST and not line.startswith("-")]
    return [*keys.keys.values(), *tokens, *hashes, part, *pem]


def show(channel: grpc.Channel, secret: str) -> list[str]:
    """What a server answers to who shows a secret: as a credential, without its form, as a tenant and as an actor."""
    answers = []
    for metadata in (
        (("authorization", f"Bearer {secret}"),),
        (("authorization", f"Bearer {secret}"), ("onduty-tenant", "nowhere")),
        (("authorization", secret),),
        (("authorization", f"Basic {secret}"), ("onduty-tenant", "north")),
    ):
        calls: list[tuple[Any, Any]] = [
            (ServerServiceStub(channel).WhoAmI, server_service_pb2.WhoAmIRequest()),
            (ServerServiceStub(channel).GetServerInfo, server_service_pb2.GetServerInfoRequest()),
            (AdminServiceStub(channel).CreateStaff, admin_service_pb2.CreateStaffRequest(staff_id="ana")),
            (AdminServiceStub(channel).ListAuditEntries, admin_service_pb2.ListAuditEntriesRequest()),
        ]
        for method, request in calls:
            try:
                answers.append(str(method(request, metadata=metadata, timeout=60)))
            except grpc.RpcError as error:
                answers += [str(error), str(error.trailing_metadata())]  # type: ignore[attr-defined]
    return answers


def test_no_secret_is_written_or_answered(tmp_path: Path):
    """In the log of every level, in answers and errors, in the audit log and the journal; also when files of secrets go bad."""
    authority, keys, issuer = Authority(tmp_path), KeyFile(tmp_path / "keys.jsonl"), Issuer(int(time.time()))  # noqa: TID251 - the real server's clock judges these tokens.
    keys.add("admin", "admin")
    keys.add("revoked", "admin", revoked_at="2020-01-01T00:00:00Z")
    pair = authority.pair(*NAMES)
    cert, key = authority.write("server", pair)
    private = json.loads(ECAlgorithm.to_jwk(issuer.keys["first"][1]))
    (tmp_path / "issuer.json").write_text(
        json.dumps({"keys": [{**issuer.public("first"), "d": private["d"]}]}), encoding="utf-8"
    )
    secrets = planted(issuer, keys, pair)
    flags = ["--tls-cert", str(cert), "--tls-key", str(key), "--keys", str(keys.path), "--tenants", "north"]
    flags += ["--jwt-issuer", ISSUER, "--jwt-audience", AUDIENCE, "--jwt-keys", str(tmp_path / "issuer.json")]
    flags += ["--log-level", "debug", "--log-format", "json"]
    journal = tmp_path / "state" / "journal.db"
    journal.parent.mkdir()
    with running_server(journal, flags=flags) as server:
        credentials = grpc.ssl_channel_credentials(authority.pem)
        options = [("grpc.enable_http_proxy", 0)]
        with grpc.secure_channel(server.address, credentials, options=options) as channel:
            answers = [answer for secret in secrets for answer in show(channel, secret)]
        for file, content in ((keys.path, keys.keys["admin"].encode()), (key, pair[1][:-60]), (cert, pair[1])):
            file.write_bytes(content)
        (tmp_path / "issuer.json").write_text(secrets[0], encoding="utf-8")
        wait_until(lambda: server.output.count("file_refused") >= 3, within=60, what="the bad files are told")
        server.stop()
        log = server.output
    files = {path.name: path.read_bytes().decode("latin-1") for path in journal.parent.iterdir()}
    assert '"ACCESS_REFUSED"' in files["journal.db.audit"]
    assert 'credential_id: "admin"' in "".join(answers)
    for place, text in {"the log": log, "an answer": "\n".join(answers), **files}.items():
        for secret in secrets:
            assert secret not in text, place
