"""Start-up and the brief: whole processes, and the brief after start.

python bench/startup.py: medians of whole-process runs beside a bare interpreter in the same run,
and the time from an imported `excomm` to the finished brief of cuba-1962.
"""

import statistics
import subprocess
import sys
import time

RUNS = 11
PROBES = {
    "bare python": ["-c", "pass"],
    "import excomm": ["-c", "import excomm"],
    "excomm --help": ["-m", "excomm.cli", "--help"],
    "excomm brief cuba-1962 (whole process)": ["-m", "excomm.cli", "brief", "cuba-1962"],
}
BRIEF = """
import time, excomm
started = time.perf_counter()
from excomm.brief import brief, text
from excomm.case import Case
text.render(brief(Case.open("cuba-1962").on("1962-11-12")), width=100, color=False)
print(time.perf_counter() - started)
"""


def main() -> None:
    """Print the table."""
    print(f"{'start-up (median of ' + str(RUNS) + ')':<44}{'seconds':>9}{'x bare':>9}")
    bare = None
    for name, call in PROBES.items():
        seconds = statistics.median(_whole(call) for _ in range(RUNS))
        bare = bare or seconds
        print(f"{name:<44}{seconds:>9.3f}{seconds / bare:>9.1f}")
    inside = statistics.median(
        float(subprocess.check_output([sys.executable, "-c", BRIEF], text=True))
        for _ in range(RUNS)
    )
    print(f"{'brief of cuba-1962 after start, imports and all':<48}{inside:>5.3f}")


def _whole(call: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *call], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
