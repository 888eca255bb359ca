"""The generated code is what the contract makes with the oldest supported tools."""

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions
from onduty_process import CLIENT, ROOT

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import history_service_pb2 as history
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import server_service_pb2 as server
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace

GENERATOR = CLIENT / ".gen" / "bin" / "python"


def contents(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*.py*")
        if path.suffix in {".py", ".pyi"}
    }


def test_generated_code_is_fresh(tmp_path: Path):
    """Generating anew gives the same files with the same text, none more and none less."""
    if not GENERATOR.exists():
        pytest.skip("the pinned generator is absent: make -C clients/python setup")
    protos = sorted((ROOT / "proto" / "onduty" / "v1").glob("*.proto"))
    flags = [f"--{kind}_out={tmp_path}" for kind in ("python", "pyi", "grpc_python")]
    subprocess.run([GENERATOR, "-m", "grpc_tools.protoc", f"-I{ROOT / 'proto'}", *flags, *protos], check=True)
    made, kept = contents(tmp_path), contents(CLIENT / "gen")
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


def test_service_config_is_the_one_of_all_clients():
    """The retries are the same in every language; the package carries a link to the copy."""
    shared = (ROOT / "proto" / "onduty_client_service_config.json").read_bytes()
    assert (CLIENT / "gen" / "service_config.json").read_bytes() == shared
    assert (CLIENT / "onduty_client" / "service_config.json").read_bytes() == shared
    assert not (CLIENT / "onduty_client" / "service_config.json").is_symlink()


def methods() -> Iterator[tuple[str, MethodDescriptor]]:
    """Every method of the contract, by service and name."""
    for module in (admin, history, router, server, supervisor, workspace):
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                yield f"{service.full_name}/{method.name}", method


def test_clients_retry_every_unary_call_and_no_stream():
    """Each change has a request id of the client's; streams are resumed instead."""
    config = json.loads((CLIENT / "gen" / "service_config.json").read_bytes())
    whole, excepted = config["methodConfig"]
    services = {name.partition("/")[0] for name, _ in methods()}
    assert ({one["service"] for one in whole["name"]}, "retryPolicy" in excepted) == (services, False)
    streams = {name for name, method in methods() if method.server_streaming}
    assert {f"{one['service']}/{one['method']}" for one in excepted["name"]} == streams


def test_plain_stubs_retry_only_what_has_no_side_effects():
    """Without a request id a change that is asked again may be done twice: a second claim, a second call."""
    config = json.loads((ROOT / "proto" / "onduty_service_config.json").read_bytes())
    (retried,) = config["methodConfig"]
    reads = {
        name
        for name, method in methods()
        if method.GetOptions().idempotency_level == MethodOptions.NO_SIDE_EFFECTS and not method.server_streaming
    }
    assert {f"{one['service']}/{one['method']}" for one in retried["name"]} == reads


def test_lower_bounds_are_the_generators_versions():
    """What pyproject.toml promises, the generated code demands and the oldest run tests are one set of versions."""
    project = tomllib.loads((CLIENT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    promised = dict(one.split(">=") for one in project["dependencies"])
    for name in ("gen", "oldest"):
        pinned = dict(re.findall(r"^([\w-]+)==(\S+)", (CLIENT / "requirements" / f"{name}.in").read_text(), re.MULTILINE))
        assert {one: pinned[one] for one in promised if one in pinned}.items() <= promised.items()
        assert {"grpcio", "protobuf"} <= pinned.keys()
    stub = (CLIENT / "gen" / "onduty" / "v1" / "router_service_pb2_grpc.py").read_text(encoding="utf-8")
    assert f"GRPC_GENERATED_VERSION = '{promised['grpcio']}'" in stub
    message = (CLIENT / "gen" / "onduty" / "v1" / "staff_pb2.py").read_text(encoding="utf-8")
    assert f"# Protobuf Python Version: {promised['protobuf']}" in message
