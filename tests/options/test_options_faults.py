"""Bad input: every fault says where, what was found, what was expected and what to do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from excomm.errors import EnvironmentFault, InputError
from excomm.options import deterrence, explain, must_prefer, read, solve, solve_file
from excomm.options.models import Conflict

CASES = Path(__file__).parent / "cases"
Model = dict[str, Any]


def case(name: str, **changes: object) -> Model:
    model: Model = json.loads((CASES / f"{name}.json").read_bytes())
    return {**model, **changes}


def chicken(**changes: object) -> Model:
    return case("chicken", **changes)


def fault(model: Model | str) -> str:
    text = model if isinstance(model, str) else json.dumps(model)
    with pytest.raises(InputError) as raised:
        solve(read(text))
    error = raised.value
    assert error.where
    assert error.expected
    assert error.remedy, str(error)
    return str(error)


def changed(model: Model, change: Callable[[Model], object]) -> Model:
    change(model)
    return model


PARTIAL = case("partial-chicken", model=chicken())
ORDERS = case("orders-cuba-nov-1962", model=case("cuba-nov-1962-ours"))


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("", "$: found an empty text, expected JSON."),
        ('{"kind": "conflict",\n "options": [}', "$: found a fault in line 2, expected JSON."),
        ("[1]", '$: found no key kind, expected an object with "kind". Give one of: conflict,'),
        (
            '{"kind": "duel"}',
            "$.kind: found duel, expected a kind of model. Give one of: conflict,",
        ),
        ('{"kind": ["tree"]}', "$.kind: found ['tree'], expected a kind of model."),
        (
            '{"kind": "conflict"}',
            "$: found nothing, expected the key decision_makers. Add decision_makers.",
        ),
        (
            chicken(options=[{"dm": "A", "name": "x", "moves": "up"}]),
            "$.options[0].moves: found up, expected both, fwd or back. Say how it may change.",
        ),
        (
            chicken(options=[{"name": "x", "moves": "both"}]),
            "$.options[0]: found nothing, expected an owner (key dm). Name the decision "
            "maker in dm.",
        ),
        (
            chicken(options=[{"dm": "C", "name": "x", "moves": "both"}]),
            "$.options[0].dm: found C, expected a decision maker as owner. Give x to one of: A, B.",
        ),
        (
            chicken(infeasible=["-Y-"]),
            "$.infeasible[0]: found -Y- (3 letters), expected 2 letters. "
            "Write one of Y, N, - for each option, in their order.",
        ),
        (
            chicken(infeasible=["-y"]),
            "$.infeasible[0]: found -y, expected letters Y, N and -. Write - where either will do.",
        ),
        (
            chicken(infeasible=["--"]),
            "$.infeasible: found no feasible state, expected at least one. "
            "Take out the pattern that rules everything out.",
        ),
        (
            chicken(
                infeasible=["YY"], preferences={"A": {"statements": []}, "B": {"statements": []}}
            ),
            "$.status_quo: found state 3, which $.infeasible[0] (YY) rules out, expected "
            "a state that "
            "can be. Name the state that stands now, or take the pattern out.",
        ),
        (chicken(status_quo=-1), "$.status_quo: found state -1, expected a state that can be."),
        (
            chicken(preferences={"A": {"ranking": [2, 3, 1, 0]}}),
            "$.preferences.B: found nothing, expected a ranking or statements. "
            "Give B a ranking or statements.",
        ),
        (
            chicken(preferences={"A": {}, "B": {}}),
            "$.preferences.A: found neither, expected a ranking or statements. Keep one "
            "of the two.",
        ),
        (
            chicken(preferences={"Z": {}}),
            "$.preferences: found Z, expected one of A, B. Write the name as listed.",
        ),
        (
            chicken(preferences={"A": {"ranking": [2, 3, [1, 2], 0]}}),
            "$.preferences.A.ranking: found state 2 twice, expected each state once. "
            "Keep one of the two.",
        ),
        (
            chicken(preferences={"A": {"ranking": [2, 0]}}),
            "$.preferences.A.ranking: found no state 1 (YN) and 1 more, expected every state that "
            "can be. Rank it.",
        ),
        (
            chicken(preferences={"A": {"ranking": [2, 3, 1, 0, 4]}}),
            "$.preferences.A.ranking: found state 4, expected states that can be. "
            "Take it out, or the infeasible pattern that rules it out.",
        ),
        (
            chicken(preferences={"A": {"statements": [{"if": "Y-"}]}}),
            "$.preferences.A.statements[0]: found another form, expected any, if/then or iff. "
            "Give one of: any (patterns), if with then, iff (two patterns).",
        ),
        (
            chicken(preferences={"A": {"statements": [{"any": ["Y-", "Y"]}]}}),
            "$.preferences.A.statements[0].any[1]: found Y (1 letters), expected 2 letters.",
        ),
        (
            chicken(decision_makers=["A", "B", "A"]),
            "$.decision_makers[2]: found A again, expected each once. Take it out.",
        ),
        (
            chicken(options=[{"dm": "A", "name": str(n), "moves": "both"} for n in range(21)]),
            "$.options: found 21 options, expected 20 or fewer. Split the model: join options that "
            "are always taken together, leave out those that no preference asks about, "
            "or solve one "
            "issue first and carry its outcome over.",
        ),
        (
            chicken(arcs={"A": {"0": [0]}}),
            "$.arcs.A: found 0 to 0, expected moves that change it. Take it out.",
        ),
        (
            chicken(arcs={"A": {"0": [9]}}),
            "$.arcs.A: found state 9, expected states that can be. Take it out.",
        ),
        (
            chicken(infeasible=["YY"], merge=["YY"]),
            "$.merge[0]: found YY, expected a pattern of states that can be. "
            "Take the pattern out: nothing feasible matches it.",
        ),
        (
            chicken(merge=["Y-"]),
            "$.preferences.A.ranking: found state 3, expected each merged state by its smallest. "
            "It is part of the merged state 1: rank that.",
        ),
        (
            PARTIAL | {"known": [[1, 3], [3, 2], [2, 1], [1, 0]]},
            "$.known: found 1 better than 3 better than 2 better than 1, expected comparisons that "
            "can all be true. Take one of these comparisons out.",
        ),
        (
            PARTIAL | {"known": [[1, 7]]},
            "$.known[0]: found state 7, expected a state that can be. Name a feasible one.",
        ),
        (
            PARTIAL | {"decision_maker": "C"},
            "$.decision_maker: found C, expected one of A, B. Write the name as in the model.",
        ),
        (
            PARTIAL | {"model": "chicken.json"},
            "$.model: found chicken.json, expected a conflict. "
            "Read the model from its file, or write the conflict out in its place.",
        ),
        (
            case("partial-chicken", known=[], decision_maker="US", target=4)
            | {"model": case("cuba-1962-fraser-hipel")},
            "$.sampling: found nothing, expected draws and seed. 479001600 are too many to go "
            'through: add "sampling": {"draws": 10000, "seed": 1}.',
        ),
        (
            ORDERS | {"targets": [16]},
            "$.targets[0]: found state 16, expected a state that can be. Name a feasible one.",
        ),
        (
            case("signal-stand-down", prior=["1/2", "1/3"]),
            "$.prior: found a sum of 5/6, expected a sum of 1. Make them sum to one.",
        ),
        (
            case("signal-stand-down", prior=["1", "0"]),
            "$.prior[1]: found 0, expected above 0. Leave out a type that cannot be.",
        ),
        (
            case("signal-stand-down", prior=["1/2", "one half"]),
            "$.prior[1]: found one half, expected a fraction such as 3/5 or 0.6. Write "
            "it as the form",
        ),
        (
            case("signal-stand-down", prior=["1/2", "1e999999999"]),
            "$.prior[1]: found 1e999999999, expected a fraction such as 3/5 or 0.6.",
        ),
        (
            case("signal-stand-down", sender_payoff=[[["1", "2"]]]),
            "$.sender_payoff: found another shape, expected 2 types x 2 messages x 2 responses.",
        ),
        (
            case("posture-1", prior=["7/10", "4/10"]),
            "$.prior: found a sum of 11/10, expected a sum of 1. Make them sum to one.",
        ),
        (
            changed(case("posture-1"), lambda m: m["signs"][0]["range"][1].reverse()),
            "$.signs[0].range[1]: found 1/5 to 1/20, expected low to high. "
            "Write the lower figure first.",
        ),
        (
            changed(case("posture-1"), lambda m: m["signs"][1].update(likelihood=["9/10", "1/5"])),
            "$.signs[1].likelihood[0]: found 9/10, expected within its range 2/5 to 3/5. "
            "Mend the figure or the range.",
        ),
        (
            changed(
                case("posture-1"), lambda m: m["signs"][1].update(likelihood=["0", "0"], range=None)
            ),
            "$.signs: found signs that cannot occur under any intent, expected an intent "
            "that allows",
        ),
        (
            changed(
                case("tree-il28-for-quarantine"),
                lambda m: m["root"]["branches"][0]["to"]["branches"][0]["to"]["branches"][0].update(
                    probability="3/5"
                ),
            ),
            "$.root.branches[0].to.branches[0].to.branches: found a sum of 4/5, expected "
            "a sum of 1. "
            "Make the probabilities sum to one.",
        ),
        (
            changed(case("tree-il28-for-quarantine"), lambda m: m["root"].update(by="Cuba")),
            "$.root.by: found Cuba, expected one of US, USSR, chance. Say whose turn it is.",
        ),
        (
            changed(
                case("tree-il28-for-quarantine"),
                lambda m: m["root"]["branches"][1]["to"].update(payoffs=["1"]),
            ),
            "$.root.branches[1].to.payoffs: found 1 figures, expected 2. Give one for each player.",
        ),
        (
            case("inspection-dresher", cells=[[0, 1]]),
            "$.cells[0]: found [0, 1], expected periods of 1 or more, inspections of 0 or more.",
        ),
        (
            changed(
                case("inspection-2x2-a"), lambda m: m["payoffs"].update(detection_if_inspected=85)
            ),
            "$.payoffs.detection_if_inspected: found 85, expected 0 to 1. Write 85 % as "
            "17/20 or 0.85.",
        ),
        (
            changed(case("price-1"), lambda m: m["means"][0].update(cost_per_look=-1)),
            "$.means[0].cost_per_look: found -1, expected 0 or more. A look cannot earn money.",
        ),
    ],
)
def test_a_fault_says_where_it_is_and_what_to_do(model: Model | str, said: str) -> None:
    assert said in fault(model)


def test_a_misspelt_key_is_not_passed_over() -> None:
    model = chicken()
    model["infeasable"] = model.pop("infeasible")
    assert fault(model) == (
        "$.infeasable: found infeasable, expected the key infeasible. Write infeasible."
    )


def test_a_fault_in_a_file_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "deal.json"
    path.write_text(json.dumps(chicken(infeasible=["-"])), encoding="utf8")
    with pytest.raises(InputError) as raised:
        solve_file(path)
    assert str(raised.value).startswith(
        f"{path}:1: $.infeasible[0]: found - (1 letters), expected 2"
    )


def test_a_model_that_names_a_missing_one_says_so(tmp_path: Path) -> None:
    path = tmp_path / "inverse.json"
    path.write_text('{"kind": "inverse", "model": "chicken.json"}', encoding="utf8")
    with pytest.raises(InputError, match=r"\$\.model: found chicken\.json, expected a file beside"):
        solve_file(path)
    path.write_text('{"kind": "inverse", "model": "../chicken.json"}', encoding="utf8")
    with pytest.raises(InputError, match="expected a file name"):
        solve_file(path)
    (tmp_path / "chicken.json").write_bytes((CASES / "price-1.json").read_bytes())
    path.write_text('{"kind": "inverse", "model": "chicken.json"}', encoding="utf8")
    with pytest.raises(InputError, match="expected a model of kind conflict"):
        solve_file(path)


def test_a_file_that_cannot_be_read_is_a_fault_of_the_environment(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"none\.json: No such file"):
        solve_file(tmp_path / "none.json")


def test_a_tree_nested_beyond_all_measure_is_refused() -> None:
    node = '{"by": "US", "branches": [{"action": "go on", "to": '
    text = node * 5000 + '{"payoffs": [1]}' + "}]}" * 5000
    model = '{"kind": "tree", "players": ["US"], "root": ' + text + "}"
    assert "expected fewer levels" in fault(model)


def test_questions_about_what_the_model_does_not_have_are_refused() -> None:
    model = read(json.dumps(chicken()))
    assert isinstance(model, Conflict)
    with pytest.raises(InputError, match="dm: found C, expected one of A, B"):
        explain(model, "C", 0)
    with pytest.raises(InputError, match="state: found state 4"):
        explain(model, "A", 4)
    with pytest.raises(InputError, match="concept: found core, expected one of nash"):
        must_prefer(model, "A", 0, "core")
    with pytest.raises(InputError, match=r"detection_per_look: found 85, expected 0 to 1\."):
        figures: dict[str, Any] = dict.fromkeys(DETERRENCE, 0)
        deterrence(**figures | {"detection_per_look": 85})


DETERRENCE = (
    "keep",
    "cheat_undetected",
    "cheat_detected",
    "false_alarm_probability",
    "false_alarm_loss",
    "detection_per_look",
    "cost_per_look",
)


def test_a_party_without_moves_and_a_statement_true_everywhere_are_warned_of() -> None:
    model = chicken(
        options=[
            {"dm": "A", "name": "x", "moves": "both"},
            {"dm": "A", "name": "y", "moves": "both"},
        ],
        preferences={
            "A": {"statements": [{"any": ["Y-", "N-"]}, {"any": ["Y-"]}]},
            "B": {"ranking": [[0, 1, 2, 3]]},
        },
    )
    answer = solve(read(json.dumps(model)))
    assert answer.warnings == (  # type: ignore[union-attr]
        "B has no moves: every state is stable for it.",
        "A's statement 1 is true of every state: it orders nothing.",
    )
