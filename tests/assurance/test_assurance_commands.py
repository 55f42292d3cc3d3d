"""The commands of assurance, whole way: of an item, and how often such figures were right."""

import json
import os
import subprocess
import sys
from pathlib import Path


def excomm(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "excomm.cli", "assurance", *map(str, args)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )


def test_an_item_is_asked_of_without_a_command_and_options_may_stand_first(tmp_path: Path) -> None:
    drawn = tmp_path / "missiles.svg"
    plain = excomm("cuba-1962", "missiles", "--on", "1962-11-12", "--chart", drawn)
    assert (plain.returncode, plain.stderr) == (0, "")
    title, *rows = plain.stdout.splitlines()
    assert title == "missiles: none left and none brought back, on 1962-11-12"
    assert any(row.startswith("missiles.stock: at 42 to 48 the claim is ") for row in rows)
    assert rows[-1].startswith("one more low-level look that sees nothing makes it ")
    assert drawn.read_text(encoding="utf8").startswith("<svg ")
    first = excomm("--json", "--on", "1962-11-12", "cuba-1962", "missiles")
    assert json.loads(first.stdout)["standard"] == 0.95


def test_the_calibration_is_repeated_drawn_and_the_same_again(tmp_path: Path) -> None:
    drawn = tmp_path / "right.svg"
    ran = excomm("calibrate", "--worlds", "60", "--out", drawn)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("how often the figures were right, 60 worlds a model, seed 1962\n")
    rows = json.loads(excomm("calibrate", "--worlds", "60", "--json").stdout)
    assert rows[0]["model"] == "kept back, one tally"
    assert f"found {rows[0]['found']:.3f}" in drawn.read_text(encoding="utf8")


def test_a_picture_of_another_kind_is_refused_and_nothing_written(tmp_path: Path) -> None:
    ran = excomm("calibrate", "--worlds", "1", "--out", tmp_path / "right.gif")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "file: found right.gif, expected a name ending in .svg or .png.\n"
    assert list(tmp_path.iterdir()) == []
