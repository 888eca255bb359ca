"""What is installed is known, and two distributions with the same packages are told of."""

from pathlib import Path

import pytest

from onduty_cli.installed import clash


def installed(folder: Path, **versions: str) -> list[str]:
    """A folder of packages that holds what pip writes about each distribution."""
    for name, version in versions.items():
        info = folder / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {name.replace('_', '-')}\nVersion: {version}\n", encoding="utf-8"
        )
    return [str(folder)]


def test_two_versions_side_by_side_are_told(tmp_path: Path):
    """The warning names both versions and the way out."""
    said = clash(installed(tmp_path, onduty="0.2.0", onduty_client="0.1.0"))
    assert said is not None
    assert "onduty-client 0.1.0 is installed beside onduty 0.2.0" in said
    assert "pip uninstall onduty onduty-client" in said


@pytest.mark.parametrize(
    "versions", [{"onduty": "0.2.0", "onduty_client": "0.2.0"}, {"onduty": "0.2.0"}, {"onduty_client": "0.1.0"}]
)
def test_nothing_is_said_where_files_are_of_one_version(tmp_path: Path, versions: dict[str, str]):
    """Neither the same version twice nor one of the two alone is a fault."""
    assert clash(installed(tmp_path, **versions)) is None
