"""Every package that the product brings with it has its licence on the page that lists them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_package_of_the_product_is_listed_with_its_licence() -> None:
    pinned = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements/run.txt").read_text(), re.M)
    listed = {
        word
        for row in re.findall(
            r"^\| (.+?) \| .+ \| .+ \|$", (ROOT / "docs/licences.md").read_text(), re.M
        )
        for word in re.findall(r"[a-z0-9-]+", row)
    }
    assert len(pinned) > 50
    assert sorted(set(pinned) - listed) == []
