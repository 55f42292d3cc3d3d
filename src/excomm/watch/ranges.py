"""What the kinds of problem have in common: counts and probabilities within their ranges."""

from collections.abc import Sequence

from excomm.errors import InputError


def require_count(place: str, found: int, least: int, most: int | None = None) -> None:
    """Raises InputError where a count is out of range."""
    if found < least or (most is not None and found > most):
        expected = f"{least} or more" if most is None else f"{least} to {most}"
        raise InputError(place, found, expected, "Give a count in that range.")


def require_detection(place: str, found: float) -> None:
    """Raises InputError where a probability is none; NaN is none."""
    if not 0 <= found <= 1:
        raise InputError(place, found, "0 to 1", "Write 85 % as 0.85, refused as 0.")


def require_detections(place: str, found: Sequence[float]) -> None:
    """Each of them. Raises InputError, also where there are none."""
    if not found:
        raise InputError(place, "none", "at least one site", "Give each site its detection.")
    for n, one in enumerate(found):
        require_detection(f"{place}[{n}]", one)
