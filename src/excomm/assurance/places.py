"""Places: the name of what is no site of the case."""

ELSEWHERE = "elsewhere in the area"
