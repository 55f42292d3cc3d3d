"""Run the notebook in docs/ and keep what its cells show: python scripts/notebook.py."""

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "docs" / "cuba-questions.ipynb"


def main() -> None:
    """Same case, same bytes: no counters, no times, no addresses of objects."""
    reader: Any = nbformat
    notebook = reader.read(NOTEBOOK, as_version=4)
    client: Any = NotebookClient(notebook, timeout=120, kernel_name="python3")
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [_kept(output) for output in _joined(cell.outputs)]
    notebook.metadata["language_info"] = {"name": "python"}
    reader.write(notebook, NOTEBOOK)


def _joined(outputs: list[Any]) -> list[Any]:
    streams = [output for output in outputs if output.output_type == "stream"]
    if streams:
        streams[0].text = "".join(output.text for output in streams)
    return [*streams[:1], *(output for output in outputs if output.output_type != "stream")]


def _kept(output: Any) -> Any:
    if "execution_count" in output:
        output.execution_count = None
    if "text/plain" in output.get("data", {}):
        output.data["text/plain"] = "Picture"
    return output


if __name__ == "__main__":
    main()
