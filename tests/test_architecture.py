"""What a fresh interpreter loads, and what the documentation promises."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = ("django", "numpy", "scipy", "sqlalchemy", "rich", "jinja2", "typst", "yaml", "altair")


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(ran.stderr.splitlines()[-1]))


@pytest.mark.parametrize("statement", ["import excomm", "import excomm.entries, excomm.fold"])
def test_importing_the_product_loads_no_heavy_package(statement: str) -> None:
    assert not loaded_by(statement) & set(HEAVY)


def test_help_loads_no_room_and_no_heavy_package() -> None:
    code = (
        "import sys\nfrom excomm.cli import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
    )
    loaded = loaded_by(code)
    assert not loaded & set(HEAVY)
    assert "excomm.case" not in loaded


def test_every_command_stands_in_the_readme_or_the_docs() -> None:
    told = "\n".join(path.read_text(encoding="utf8") for path in _documents())
    help_text = subprocess.run(
        [sys.executable, "-m", "excomm.cli", "--help"], capture_output=True, text=True, check=True
    ).stdout
    commands = [
        line.split()[0] for line in help_text.partition("Commands:")[2].splitlines() if line
    ]
    assert len(commands) >= 10
    assert [name for name in commands if f"excomm {name}" not in told] == []


def test_no_file_of_ours_is_too_long_to_read_in_one_sitting() -> None:
    long = [
        path.name
        for top in ("src", "tests", "bench", "scripts")
        for path in (ROOT / top).rglob("*.py")
        if len(path.read_text(encoding="utf8").splitlines()) > 600
    ]
    assert long == []


def _documents() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
