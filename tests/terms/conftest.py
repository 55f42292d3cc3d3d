"""Agreements in the tests are short texts in the product's own form, judged on a day."""

from collections.abc import Callable

import pytest

from excomm.entries import end_of, parse_when, parse_zone
from excomm.entries.kinds import CaseHeader
from excomm.fold import fold
from excomm.folder import read_agreement
from excomm.terms import Standing, standing

Judge = Callable[[str, str], Standing]


def judge(text: str, on: str) -> Standing:
    """The standing of an agreement at the end of a day, or at an instant."""
    text = text.rstrip().removesuffix("events:")  # a test that has none ends so
    entries = read_agreement(text)
    header = entries[0].body
    assert isinstance(header, CaseHeader)
    zone = parse_zone(header.zone)
    at = end_of(parse_when(on), zone)
    return standing(fold(lambda: entries, on=at, zone=zone))


@pytest.fixture
def status() -> Judge:
    """Judge a text on a day."""
    return judge


@pytest.fixture
def removal() -> Judge:
    """One undertaking: A removes 42 missiles from 1 January to 1 March 2030; `{}` takes events."""

    def judged(events: str, on: str) -> Standing:
        return judge(REMOVAL + events, on)

    return judged


REMOVAL = """
parties: {A: Aland, B: Bland}
items: {missile: {unit: missiles}}
undertakings:
  - {id: U, by: A, to: [B], modality: must, kind: achieve, what: remove the missiles,
     starts: 2030-01-01, due: 2030-03-01, quantity: {item: missile, number: 42, unit: missiles},
     verification: [ship count]}
events:
"""
