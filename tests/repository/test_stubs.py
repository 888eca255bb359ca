"""Languages without a client of ours: stubs made from a copy of `proto/` alone compile."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RUST = Path(__file__).with_name("stubs") / "rust"
LIMIT_SECONDS = 900
CALL = """
#include "onduty/v1/workspace_service.grpc.pb.h"

long busy(onduty::v1::WorkspaceService::Stub& stub) {
  onduty::v1::ChangeStatusRequest request;
  request.set_staff_id("ana");
  request.mutable_choice()->set_status(onduty::v1::STATUS_BUSY);
  onduty::v1::ChangeStatusResponse response;
  grpc::ClientContext context;
  return stub.ChangeStatus(&context, request, &response).ok() ? response.staff().revision() : 0;
}
"""
"""A call as a service in C++ would make it."""


def _need(*tools: str) -> None:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"stubs of another language are not compiled: {', '.join(missing)} is not installed")


def _run(*command: str, cwd: Path, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=cwd, env=env, check=False, capture_output=True, text=True, timeout=LIMIT_SECONDS)


@pytest.mark.slow
def test_rust_stubs_compile(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tonic and prost take the contract as it is."""
    _need("cargo")
    crate = tmp_path / "crate"
    shutil.copytree(RUST, crate)
    shutil.copytree(root / "proto", crate / "proto")
    protoc = tmp_path / "protoc"
    protoc.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m grpc_tools.protoc "$@"\n', encoding="utf-8")
    protoc.chmod(0o755)
    monkeypatch.setenv("PROTOC", str(protoc))
    if _run("cargo", "fetch", "--quiet", cwd=crate).returncode:
        pytest.skip("stubs in Rust are not compiled: the crates cannot be had here")
    done = _run("cargo", "check", "--quiet", "--offline", cwd=crate)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_cpp_stubs_compile(root: Path, tmp_path: Path) -> None:
    """The generator of gRPC for C++ takes the contract as it is, and the compiler what it makes."""
    _need("g++", "pkg-config", "protoc", "grpc_cpp_plugin")
    found = _run("pkg-config", "--cflags", "protobuf", "grpc++", cwd=tmp_path)
    if found.returncode:
        pytest.skip("stubs in C++ are not compiled: the headers of protobuf and gRPC are not installed")
    protos = tmp_path / "proto"
    shutil.copytree(root / "proto", protos)
    made = tmp_path / "made"
    made.mkdir()
    plugin = f"--plugin=protoc-gen-grpc={shutil.which('grpc_cpp_plugin')}"
    names = sorted(str(path.relative_to(protos)) for path in protos.glob("*/*/*.proto"))
    generated = _run("protoc", f"-I{protos}", f"--cpp_out={made}", f"--grpc_out={made}", plugin, *names, cwd=tmp_path)
    assert generated.returncode == 0, generated.stderr
    (made / "call.cc").write_text(CALL, encoding="utf-8")
    for source in sorted(made.rglob("*.cc")):
        flags = [*found.stdout.split(), "-std=c++17", "-fsyntax-only", f"-I{made}"]
        done = _run("g++", *flags, str(source), cwd=tmp_path)
        assert done.returncode == 0, f"{source.name}: {done.stderr}"
