"""The checked-in generated code is what the contract makes."""

import subprocess
import sys
from pathlib import Path


def contents(directory: Path) -> dict[str, str]:
    """Every source file below a directory by its name."""
    return {
        path.relative_to(directory).as_posix(): path.read_text(encoding="utf-8")
        for path in directory.rglob("*.py*")
        if path.suffix in {".py", ".pyi"}
    }


def test_generated_code_is_fresh(root: Path, tmp_path: Path):
    """Generating the service's own messages anew gives the same files; the clients' code is for `make gen-check` to show."""
    flags = [f"--python_out={tmp_path}", f"--pyi_out={tmp_path}"]
    protos = sorted(path for room in ("journal", "replicas") for path in (root / "proto/onduty" / room / "v1").glob("*.proto"))
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", f"-I{root / 'proto'}", *flags, *protos], check=True)
    made, kept = contents(tmp_path), contents(root / "service" / "gen")
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


def test_generated_code_is_a_namespace(root: Path):
    """Neither half of `onduty` has an `__init__.py`, which would hide the other."""
    assert [*root.glob("clients/python/gen/onduty/**/__init__.py"), *root.glob("service/gen/onduty/**/__init__.py")] == []


def test_contract_is_linted_and_formatted(root: Path, programs: Path):
    """The contract follows the rules of buf, comments included, in buf's form."""
    for command in (["lint"], ["format", "--diff", "--exit-code"]):
        done = subprocess.run([programs / "buf", *command], cwd=root / "proto", capture_output=True, check=False, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
