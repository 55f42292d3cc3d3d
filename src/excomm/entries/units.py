"""Units: what is counted in whole things, and what is measured and may be any fraction."""

import re

# Mass, volume, length, area, power, energy, money, shares: never a number of things.
_MEASURE = re.compile(
    r"[kmgtc]?(?:g|t|l|m|m2|m3|w|wh|j|bq|sv)|hl|ha|lbs?|oz|nm|swu"
    r"|(?:kilo|mega|giga|tera|centi|milli)?(?:gram(?:me)?|tonne|ton|lit(?:re|er)|met(?:re|er)|watt)s?"
    r"|(?:pound|quintal|gallon|bushel|barrel|mile|hectare|acre|hour)s?"
    r"|%|percent(?:age)?|share|ratio|index"
    r"|usd|eur|gbp|chf|(?:dollar|euro|franc|pound)s?|sterling|[mb]illions?"
)


def is_measure(unit: str) -> bool:
    """Whether a unit is measured, so that any fraction of it can be.

    A rate or a multiple ("t/year", "kg per day", "x EBITDA") is one too; so is a scaled unit.

    >>> is_measure("kg"), is_measure("Mt CO2"), is_measure("million tonnes"), is_measure("missiles")
    (True, True, True, False)
    """
    words = re.split(r"[\s/]+", unit.strip().casefold())
    rate = "/" in unit or "per" in words or words[0] in ("x", "times")
    return rate or any(_MEASURE.fullmatch(word) for word in (words[0], words[-1]))
