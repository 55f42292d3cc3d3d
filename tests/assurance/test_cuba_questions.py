"""The notebook on the three questions of November 1962: it runs, and says what stands in it."""

import contextlib
import io
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest

NOTEBOOK = Path(__file__).parents[2] / "docs" / "cuba-questions.ipynb"


def read() -> Any:
    notebook: Any = nbformat
    return notebook.read(NOTEBOOK, as_version=4)


def printed(cell: Any) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def test_every_cell_prints_what_stands_under_it() -> None:
    names: dict[str, Any] = {}
    for cell in read().cells:
        if cell.cell_type == "code":
            with contextlib.redirect_stdout(io.StringIO()) as said:
                exec(cell.source, names)
            assert said.getvalue() == printed(cell), "Read it, then: python scripts/notebook.py"
    picture = names["missiles"].chart().svg
    (shown,) = [
        output.data["image/svg+xml"]
        for cell in read().cells
        for output in cell.get("outputs", ())
        if "data" in output
    ]
    assert "".join(shown) == picture


def test_it_names_no_place_on_a_machine_and_stays_small() -> None:
    text = NOTEBOOK.read_text(encoding="utf8")
    assert len(text) < 40_000
    assert not [word for word in ("/home", "/work", "/tmp", "site-packages") if word in text]


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_it_runs_from_start_to_figure_in_a_kernel_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(NOTEBOOK.parents[1] / "src")]))
    stored, fresh = read(), read()
    client: Any = NotebookClient(fresh, timeout=120, kernel_name="python3")
    client.execute()
    for one, other in zip(stored.cells, fresh.cells, strict=True):
        if one.cell_type == "code":
            assert printed(one) == printed(other)
