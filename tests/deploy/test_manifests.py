"""The container file, the compose file and the manifests for Kubernetes: valid, and about this server."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from promtool import ROOT

from onduty_server.observability.admin_pages import INDEX
from onduty_server.variables import known_variables

KUBERNETES = ROOT / "deploy/kubernetes"
OVERLAYS = ("sqlite", "postgres", "replicas")
NOT_OF_KUBERNETES = {"kustomization.yaml", "service-monitor.yaml"}
"""What has no schema among those of Kubernetes: kustomize's own files, and what the Prometheus operator reads."""
CONTAINERFILE = ROOT / "deploy/container/Containerfile"
COMPOSE = ROOT / "deploy/compose.yaml"
COMPOSE_REPLICAS = ROOT / "deploy/compose-replicas.yaml"
REPLICAS = KUBERNETES / "replicas"
PODS = (KUBERNETES / "sqlite/stateful-set.yaml", KUBERNETES / "postgres/deployment.yaml", REPLICAS / "stateful-set.yaml")


def name_of(path: Path) -> str:
    """A file with its folder, for the names of tests."""
    return f"{path.parent.name}/{path.name}"


def manifests() -> list[Path]:
    """Every manifest that Kubernetes itself reads."""
    return [path for path in sorted(KUBERNETES.glob("*/*.yaml")) if path.name not in NOT_OF_KUBERNETES]


def read(path: Path) -> Any:
    """The one document of a file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def pod(path: Path) -> Any:
    """The pod that a file makes."""
    return read(path)["spec"]["template"]["spec"]


# --- Kubernetes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", manifests(), ids=name_of)
def test_manifests_are_what_kubernetes_takes(path: Path):
    """By its own schemas; a misspelt field is none."""
    kubernetes_validate.validate(read(path), kubernetes_validate.latest_version(), strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_overlays_are_whole(overlay: str):
    """Every file that they name is there, and every manifest is named by one."""
    named = set(_resources(KUBERNETES / overlay))
    assert named >= set((KUBERNETES / "base").glob("[!k]*.yaml"))
    assert named >= set((KUBERNETES / overlay).glob("[!k]*.yaml"))


def _resources(folder: Path) -> Iterator[Path]:
    for name in read(folder / "kustomization.yaml")["resources"]:
        path = (folder / name).resolve()
        assert path.exists(), name
        if path.is_dir():
            yield from _resources(path)
        else:
            yield path


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not here, which can render overlays")
@pytest.mark.parametrize("overlay", [*OVERLAYS, "monitoring"])
def test_overlays_can_be_rendered(overlay: str):
    """As `kubectl apply -k` does before it asks a cluster."""
    done = subprocess.run(["kubectl", "kustomize", KUBERNETES / overlay], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rendered = list(yaml.safe_load_all(done.stdout))
    assert rendered
    for document in rendered:
        if not document["apiVersion"].startswith("monitoring."):
            kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)


@pytest.mark.parametrize("path", PODS, ids=name_of)
def test_pods_are_as_confined_as_restricted_asks(path: Path):
    """No root, no rights, no writing but where it must, and no word with the cluster."""
    spec = pod(path)
    (container,) = spec["containers"]
    assert spec["securityContext"]["runAsNonRoot"]
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not spec["automountServiceAccountToken"]
    confined = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    assert container["securityContext"] == confined
    assert {mount["name"] for mount in container["volumeMounts"]} <= {
        *(volume["name"] for volume in spec["volumes"]),
        *(claim["metadata"]["name"] for claim in read(path)["spec"].get("volumeClaimTemplates", ())),
    }


@pytest.mark.parametrize("path", PODS, ids=name_of)
def test_probes_ask_pages_that_there_are(path: Path):
    """On the port of the admin pages, encrypted as they are there."""
    (container,) = pod(path)["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    variables = {variable["name"]: variable.get("value", "") for variable in container["env"]}
    for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
        asked = container[kind]["httpGet"]
        assert re.search(rf"^{asked['path']}\b", INDEX, re.MULTILINE)
        assert asked["scheme"] == "HTTPS"
        assert variables["ONDUTY_ADMIN"].endswith(f":{ports[asked['port']]}")
    assert variables["ONDUTY_LISTEN"].endswith(f":{ports['grpc']}")


def test_what_selects_pods_finds_these():
    """Service, policy and monitor go by the label that the pods bear."""
    label = {"app.kubernetes.io/name": "onduty"}
    assert read(KUBERNETES / "base/service.yaml")["spec"]["selector"] == label
    assert read(KUBERNETES / "base/network-policy.yaml")["spec"]["podSelector"]["matchLabels"] == label
    assert read(KUBERNETES / "monitoring/service-monitor.yaml")["spec"]["selector"]["matchLabels"] == label
    for path in PODS:
        assert read(path)["spec"]["selector"]["matchLabels"] == label
        assert read(path)["spec"]["template"]["metadata"]["labels"] == label


# --- containers -------------------------------------------------------------------------------------------------------


def test_the_container_file_copies_what_there_is():
    """From the root of the checkout, and nothing that its list of what is left out leaves out."""
    text = CONTAINERFILE.read_text(encoding="utf-8")
    copied = [word for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE) for word in line.split()[:-1]]
    assert copied
    kept = CONTAINERFILE.with_suffix(".dockerignore").read_text(encoding="utf-8")
    for name in copied:
        assert (ROOT / name).exists(), name
        assert any(name == line[1:] or name.startswith(f"{line[1:]}/") for line in kept.splitlines() if line[0] == "!"), name


def test_the_container_runs_as_nobody_in_particular():
    """By number, as whoever forbids root can only see numbers; it says by itself whether it is well."""
    text = CONTAINERFILE.read_text(encoding="utf-8")
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", last, re.MULTILINE)
    assert '["onduty", "check"]' in last
    assert 'CMD ["serve"]' in last


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not here, which lints container files")
def test_the_container_file_is_tidy():
    """As its linter says."""
    done = subprocess.run(["hadolint", CONTAINERFILE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", [COMPOSE, COMPOSE_REPLICAS], ids=name_of)
def test_compose_is_closed_to_the_network(path: Path):
    """Callers show no credential there: it is published on loopback only, and confined."""
    services, secrets = read(path)["services"], read(path)["secrets"]
    for name, service in services.items():
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:"), name
        assert set(service.get("secrets", ())) <= secrets.keys(), name
        for value in (service.get("environment") or {}).values():
            if value.startswith("/run/secrets/"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], (name, value)
        if name.startswith("onduty"):
            assert service["read_only"]
            assert (path.parent / service["build"]["context"]).resolve() == ROOT
            assert (ROOT / service["build"]["dockerfile"]).exists()


# --- replicas ---------------------------------------------------------------------------------------------------------


def replica_variables() -> list[dict[str, str]]:
    """What each replica of the compose file is started with, and a pod of Kubernetes."""
    services = read(COMPOSE_REPLICAS)["services"]
    (container,) = pod(REPLICAS / "stateful-set.yaml")["containers"]
    in_pod = {variable["name"]: variable.get("value", "") for variable in container["env"]}
    return [*(service["environment"] for name, service in services.items() if name != "postgres"), in_pod]


def test_replicas_know_each_other_by_certificates():
    """Each names an address of its own, listens on its port, has TLS, and says who signs the others."""
    for variables in replica_variables():
        assert variables["ONDUTY_ADVERTISE"].rpartition(":")[2] == variables["ONDUTY_REPLICA_LISTEN"].rpartition(":")[2]
        assert variables.keys() >= {"ONDUTY_TLS_CERT", "ONDUTY_TLS_KEY", "ONDUTY_REPLICA_CA", "ONDUTY_JOURNAL_FILE"}
    advertised = [variables["ONDUTY_ADVERTISE"] for variables in replica_variables()]
    assert len(set(advertised)) == len(advertised) == 4


def test_replicas_are_named_by_what_serves_their_names():
    """In the compose file by the service itself; in Kubernetes by the headless service, also before anything is ready."""
    for name, service in read(COMPOSE_REPLICAS)["services"].items():
        if name != "postgres":
            assert service["environment"]["ONDUTY_ADVERTISE"].startswith(f"{name}:")
    stateful, service = read(REPLICAS / "stateful-set.yaml")["spec"], read(REPLICAS / "service.yaml")
    assert stateful["serviceName"] == service["metadata"]["name"]
    assert f".{service['metadata']['name']}:" in replica_variables()[-1]["ONDUTY_ADVERTISE"]
    assert service["spec"]["clusterIP"] == "None"
    assert service["spec"]["publishNotReadyAddresses"]


def test_replicas_are_taken_away_one_at_a_time():
    """By a budget, and in an upgrade; and only they reach the port by which they speak."""
    label = {"app.kubernetes.io/name": "onduty"}
    budget = read(REPLICAS / "disruption-budget.yaml")["spec"]
    assert (budget["maxUnavailable"], budget["selector"]["matchLabels"]) == (1, label)
    stateful = read(REPLICAS / "stateful-set.yaml")["spec"]
    assert (stateful["replicas"], stateful["updateStrategy"]) == (3, {"type": "RollingUpdate"})
    (rule,) = read(REPLICAS / "network-policy.yaml")["spec"]["ingress"]
    assert rule == {"from": [{"podSelector": {"matchLabels": label}}], "ports": [{"port": "replica", "protocol": "TCP"}]}
    open_to_clients = read(KUBERNETES / "base/network-policy.yaml")["spec"]["ingress"]
    assert "replica" not in [port["port"] for rule in open_to_clients for port in rule["ports"]]


SET_UP = (*PODS, CONTAINERFILE, COMPOSE, COMPOSE_REPLICAS, ROOT / "deploy/systemd/onduty.service")
"""What starts a server."""


@pytest.mark.parametrize("path", SET_UP, ids=name_of)
def test_variables_are_those_of_the_server(path: Path):
    """A misspelt one would keep it from starting."""
    found = set(re.findall(r"\bONDUTY_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert found
    assert found <= known_variables()
