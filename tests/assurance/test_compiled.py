"""Large grids: what is compiled gives the same bits, and is loaded only where it is worth it."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.assurance import compiled, presence, prob_absent, scan
from excomm.errors import InputError

CHANCES = st.floats(0.0, 1.0, allow_subnormal=False)


@settings(max_examples=60)
@given(
    shape=st.tuples(st.integers(1, 9), st.integers(1, 600)),
    seed=st.integers(0, 2**32 - 1),
    most=CHANCES,
    alike=st.booleans(),
    odds=st.floats(1e-300, 1e6),
)
def test_what_is_compiled_gives_the_same_bits_as_numpy(
    shape: tuple[int, int], seed: int, most: float, alike: bool, odds: float
) -> None:
    rng = np.random.default_rng(seed)
    looks = rng.random(shape) * most
    coming = rng.random((1 if alike else shape[0], shape[1])) * 0.05
    before = np.full(shape[0], odds)
    by_numpy = scan._by_period(looks[:, None, :], coming, before)
    by_machine = compiled.absent_and_present(looks, coming, before)
    assert by_numpy is not None
    assert by_machine is not None
    for one, other in zip(by_numpy, by_machine, strict=True):
        np.testing.assert_array_equal(one, other)
    assert (before == odds).all()


def test_a_large_grid_is_the_same_cut_in_two() -> None:
    rng = np.random.default_rng(5)
    looks = rng.random((1_024, 600))
    assert looks.size >= presence._COMPILED > looks.size // 2
    whole = prob_absent(looks, 0.01, 0.5)
    upper, lower = (prob_absent(half, 0.01, 0.5) for half in np.split(looks, 2))
    np.testing.assert_array_equal(whole.absent, np.concatenate([upper.absent, lower.absent]))
    np.testing.assert_array_equal(whole.present, np.concatenate([upper.present, lower.present]))


def test_a_large_grid_that_may_not_be_written_to_is_read_all_the_same() -> None:
    looks = np.full((1_024, 600), 0.3)
    looks.setflags(write=False)
    assert prob_absent(looks, np.broadcast_to(0.01, (1_024, 600)), 0.5).absent[-1, -1] > 0.9


def test_certainties_in_a_large_grid_are_their_limits() -> None:
    looks = np.zeros((1_024, 600))
    looks[3, 5] = 1.0
    found = prob_absent(looks, 0.0, np.where(np.arange(1_024) == 7, 0.0, 0.5))
    assert (found.absent[3, 5], found.present[3, 5]) == (1.0, 0.0)
    assert (found.absent[7, -1], found.present[7, -1]) == (0.0, 1.0)
    assert found.absent[0, 0] == 0.5


@pytest.mark.parametrize(
    ("where", "value", "says"),
    [
        ("detection", 85.0, "detection[1000, 599]: found 85.0, expected 0 to 1."),
        ("detection", np.nan, "detection[1000, 599]: found nan, expected 0 to 1."),
        ("introduction", -0.1, "introduction[1000, 599]: found -0.1, expected 0 to 1."),
    ],
)
def test_a_fault_in_a_large_grid_is_named_by_its_place(where: str, value: float, says: str) -> None:
    given = {name: np.full((1_024, 600), 0.3) for name in ("detection", "introduction")}
    given[where][1_000, 599] = value
    with pytest.raises(InputError) as raised:
        prob_absent(**given, prior_absent=0.5)
    assert str(raised.value).startswith(says)


def _in_fresh_process(code: str) -> float:
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(ran.stdout)


def test_small_arrays_never_load_the_compiler() -> None:
    assert not _in_fresh_process(
        "import sys; from excomm import assurance as a\n"
        "a.prob_absent([[0.5] * 1000] * 100, [0.01], 0.5)\n"
        "a.remaining([[3, 2, 0]], ('poisson', 4), 1, 0.5)\n"
        "print(float('numba' in sys.modules))"
    )


@pytest.mark.long
def test_the_first_large_call_finds_its_kernel_compiled_and_needs_no_place_to_keep_it() -> None:
    first = (
        "import time; {before}; from excomm import assurance as a; import numpy as np\n"
        "looks = np.full((1000, 1000), 0.3); started = time.process_time()\n"
        "a.prob_absent(looks, 0.01, 0.5); print(time.process_time() - started)"
    )
    plain = first.format(before="pass")
    _in_fresh_process(plain)
    assert _in_fresh_process(plain) < 1.0
    nowhere = "from numba.core.caching import CacheImpl as c; c._locator_classes = []"
    assert _in_fresh_process(first.format(before=nowhere)) > 0.0
