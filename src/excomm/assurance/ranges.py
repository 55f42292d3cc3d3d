"""What an argument may hold. Every range says what must hold, so that NaN fails it.

A value outside is refused with argument and index; nothing is ever clipped.
"""

from operator import index

import numpy as np
from numpy.typing import ArrayLike, NDArray

from excomm.errors import InputError

Floats = NDArray[np.float64]


def numbers(name: str, values: ArrayLike) -> Floats:
    """The values as an array of floats, shape kept."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(name, values, "numbers of one shape") from None


def probabilities(name: str, values: ArrayLike) -> Floats:
    """The values, each from 0 to 1."""
    found = numbers(name, values)
    # Least and most first: no array of truths where all is well. NaN fails both.
    if found.size and found.min() >= 0 and found.max() <= 1:
        return found
    return require(name, found, (found >= 0) & (found <= 1), "0 to 1", "Write 85 % as 0.85.")


def probability(name: str, value: float) -> float:
    """One probability, from 0 to 1."""
    return float(single(name, probabilities(name, value)))


def positive(name: str, values: ArrayLike) -> Floats:
    """The values, each above 0 and finite."""
    found = numbers(name, values)
    return require(name, found, (found > 0) & (found < np.inf), "a number above 0")


def not_negative(name: str, values: ArrayLike) -> Floats:
    """The values, each 0 or more and finite."""
    found = numbers(name, values)
    return require(name, found, (found >= 0) & (found < np.inf), "0 or more")


def single(name: str, values: Floats) -> float:
    """The one number of an array without axes."""
    if values.ndim:
        raise InputError(name, f"an array of shape {values.shape}", "one number")
    return float(values)


def whole(name: str, value: int, *, least: int = 0) -> int:
    """A whole number, `least` or more."""
    expected = f"a whole number, {least} or more"
    try:
        found = index(value)
    except TypeError:
        raise InputError(name, value, expected) from None
    if found < least:
        raise InputError(name, found, expected)
    return found


def require(
    name: str, values: Floats, holds: NDArray[np.bool_], expected: str, remedy: str = ""
) -> Floats:
    """The values again, or InputError at the first that does not hold."""
    if holds.all():
        return values
    at = np.unravel_index(int(np.argmin(holds)), holds.shape)
    raise InputError(indexed(name, *(int(i) for i in at)), float(values[at]), expected, remedy)


def indexed(name: str, *at: int) -> str:
    """`detection[2, 14]`, or the bare name of a scalar."""
    return f"{name}[{', '.join(str(i) for i in at)}]" if at else name
