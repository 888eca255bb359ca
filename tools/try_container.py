"""Build the container image and try it: make container-check. It is built by buildah, and its programs run in its file system.

The image is built from the one that --base names. Where none can be had, --debian makes one of Debian's own packages by
debootstrap, as root. Nothing is left behind: images and containers are in a folder of their own, in --scratch, which needs room
for two gigabytes. What a container runtime adds, as a read-only root and no capabilities, is not tried here.
"""

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CONTAINERFILE = "deploy/container/Containerfile"
BASE = "python:3.13-slim"
"""As the container file has it; which registry that is of, the machine is configured with."""
OWN_BASE = "localhost/python-of-debian"
IMAGE = "localhost/onduty"
USER = "65532"
READY_SECONDS = 60
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class ContainerError(Exception):
    """Something does not hold. The message says what."""


class Images:
    """Images and containers below one folder."""

    def __init__(self, folder: Path) -> None:
        self._command = ["buildah", "--root", f"{folder}/root", "--runroot", f"{folder}/run", "--storage-driver", "vfs"]

    def command(self, *words: str) -> list[str]:
        """How buildah is asked."""
        return [*self._command, *words]

    def ask(self, *words: str) -> str:
        """What buildah answers.

        Raises:
            ContainerError
        """
        done = subprocess.run(self.command(*words), cwd=ROOT, capture_output=True, check=False, text=True)
        if done.returncode:
            raise ContainerError(f"buildah {words[0]}: {done.stderr.strip()[-2000:]}")
        return done.stdout.strip()

    def base_of_debian(self, folder: Path) -> str:
        """An image of Debian with its Python, and with the certificates that this machine trusts."""
        packages = "--include=python3,python3-venv,ca-certificates"
        done = subprocess.run(
            ["debootstrap", "--variant=minbase", packages, "stable", str(folder)], capture_output=True, check=False, text=True
        )
        if done.returncode:
            raise ContainerError(f"debootstrap: {done.stdout.strip()[-1000:]}")
        (folder / "usr/bin/python").symlink_to("python3")
        if CERTIFICATES.exists():
            shutil.copy(CERTIFICATES, folder / CERTIFICATES.relative_to("/"))
        container = self.ask("from", "scratch")
        self.ask("copy", "--quiet", container, str(folder), "/")
        self.ask("config", "--env", "PATH=/usr/local/bin:/usr/bin:/bin", container)
        self.ask("commit", "--quiet", "--rm", container, OWN_BASE)
        shutil.rmtree(folder)
        return OWN_BASE

    def build(self, base: str) -> None:
        """The image; in Docker's form, as the other one knows no health checks."""
        arguments = ["--isolation", "chroot", "--format", "docker", "--build-arg", f"PYTHON={base}"]
        self.ask("bud", *arguments, "--file", CONTAINERFILE, "--tag", IMAGE, ".")

    def configuration(self) -> dict[str, Any]:
        """What the image says of how it is run."""
        found: dict[str, Any] = json.loads(self.ask("inspect", "--type", "image", IMAGE))["Docker"]["config"]
        return found


class Running:
    """A server in a container of the image, as its own user."""

    def __init__(self, images: Images) -> None:
        self._images = images
        self._container = images.ask("from", IMAGE)
        self._address = f"127.0.0.1:{_free_port()}"
        self._admin = f"127.0.0.1:{_free_port()}"
        environment = {"ONDUTY_LISTEN": self._address, "ONDUTY_ADMIN": self._admin, "ONDUTY_SERVER": self._address}
        self._options = ["--isolation", "chroot", *(f"--env={name}={value}" for name, value in environment.items())]
        self._process = subprocess.Popen(
            images.command("run", *self._options, self._container, "--", "onduty", "serve", "--sample"),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def run(self, *words: str) -> str:
        """What a program in the container prints."""
        return self._images.ask("run", *self._options, self._container, "--", *words)

    def wait_until_well(self) -> None:
        """Return when the image's own health check says so."""
        ends_at = time.monotonic() + READY_SECONDS
        while True:
            try:
                self.run("onduty", "check")
            except ContainerError:
                if time.monotonic() > ends_at or self._process.poll() is not None:
                    self._process.kill()
                    raise ContainerError(f"the server does not get well:\n{self._process.communicate()[0][-4000:]}") from None
                time.sleep(0.5)
            else:
                return

    def stop(self) -> None:
        """End it as a runtime does, by SIGTERM, and see that it ends in order."""
        self.run("sh", "-c", "kill -TERM $(head -n 1 /data/onduty.db.lock)")
        output = self._process.communicate(timeout=READY_SECONDS)[0]
        require(self._process.returncode == 0, f"the server ended with {self._process.returncode}:\n{output[-4000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require(holds: object, what: str) -> None:
    """Fail with ``what`` unless it holds."""
    if not holds:
        raise ContainerError(what)


def check_configuration(configuration: dict[str, Any]) -> None:
    """The image says as whom it runs, what it begins with, how it is asked whether it is well, and where it writes."""
    require(configuration["User"] == f"{USER}:{USER}", f"the image runs as {configuration['User']}")
    require(
        configuration["Entrypoint"] == ["onduty"] and configuration["Cmd"] == ["serve"], "the image begins with something else"
    )
    require(configuration["Healthcheck"]["Test"] == ["CMD", "onduty", "check"], "the image has no health check")
    require(list(configuration["Volumes"]) == ["/data"], f"the image has the volumes {configuration['Volumes']}")


def check_server(images: Images) -> None:
    """A server of the image gets well, takes a change, shows it, and keeps it in /data; nothing of it is root's."""
    server = Running(images)
    server.wait_until_well()
    say("the server is well, by the image's own check")
    require(server.run("python", "-c", "import os; print(os.getuid())") == USER, "programs do not run as the image's user")
    server.run("onduty", "status", "set", "ana", "available")
    require("STATUS_AVAILABLE" in server.run("onduty", "staff", "show", "ana", "--json"), "a change is not shown")
    server.stop()
    require(
        "nothing is wrong" in server.run("sh", "-c", "onduty journal verify /data/onduty.db 2>&1"), "the journal is not right"
    )
    say("a change is in the journal after SIGTERM, and the journal is right")


def say(line: str) -> None:
    """Tell how far it is."""
    print(line, flush=True)


def main(arguments: Sequence[str]) -> int:
    """0: the image can be built, and does what it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default=BASE, help="the image with Python that it is built from")
    parser.add_argument("--debian", action="store_true", help="make the base of Debian's packages, as root")
    parser.add_argument("--scratch", type=Path, help="where images are kept meanwhile")
    options = parser.parse_args(arguments)
    needed = ["buildah", *(["debootstrap"] if options.debian else [])]
    if missing := [program for program in needed if shutil.which(program) is None]:
        say(f"cannot be tried: {', '.join(missing)} is not here (Debian's packages of that name)")
        return 1
    with tempfile.TemporaryDirectory(prefix="onduty-container-", dir=options.scratch) as name:
        folder, images = Path(name), Images(Path(name))
        try:
            base = images.base_of_debian(folder / "base") if options.debian else options.base
            say(f"builds from {base}")
            images.build(base)
            say("the image is built")
            check_configuration(images.configuration())
            check_server(images)
        except ContainerError as error:
            say(str(error))
            return 1
        finally:
            subprocess.run(images.command("rm", "--all"), capture_output=True, check=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
