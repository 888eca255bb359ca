"""Makes wheels again out of what is installed in this environment, so that pip can install it elsewhere without a network."""

import base64
import hashlib
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path


def wheels_of(names: Iterable[str], folder: Path) -> Path:
    """Write a wheel for each installed package into a folder, which is what `pip --find-links` takes; it is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        _write_wheel(distribution(name), folder)
    return folder


def offline_pip(folder: Path) -> dict[str, str]:
    """The settings of pip that let it ask a folder of wheels and nothing else."""
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_NO_CACHE_DIR": "1"}


def _write_wheel(installed: Distribution, folder: Path) -> None:
    contents = {str(path): installed.locate_file(path) for path in installed.files or () if _belongs(str(path))}
    record = next(name for name in contents if name.endswith(".dist-info/RECORD"))
    del contents[record]
    lines = []
    with zipfile.ZipFile(folder / _file_name(installed), "w") as wheel:
        for name, path in contents.items():
            content = Path(str(path)).read_bytes()
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            wheel.writestr(name, content)
            lines.append(f"{name},sha256={digest},{len(content)}\n")
        wheel.writestr(record, "".join([*lines, f"{record},,\n"]))


def _belongs(name: str) -> bool:
    """Whether a file came in the wheel; programs in bin/ and what pip adds did not."""
    return not name.startswith(("../", "/")) and not name.endswith((".pyc", "/INSTALLER", "/REQUESTED", "/direct_url.json"))


def _file_name(installed: Distribution) -> str:
    tags = [line.split()[1] for line in (installed.read_text("WHEEL") or "").splitlines() if line.startswith("Tag: ")]
    parts = (dict.fromkeys(column) for column in zip(*(tag.split("-") for tag in tags), strict=True))
    name = installed.metadata["Name"].replace("-", "_").replace(".", "_")
    return "-".join([name, installed.version, *(".".join(part) for part in parts)]) + ".whl"
