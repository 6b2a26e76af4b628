"""One decision table in zen-engine, run by the peers' own Python: rules and cases in by standard input, figures out."""

import json
import sys
from statistics import median
from time import perf_counter_ns

import zen

_ROUNDS = 15
_ROUND_NS = 60_000_000


def graph(rules: list[dict[str, object]]) -> str:
    """Return the rules as one table that names every rule whose four conditions hold."""
    fields = ("kind", "least", "flag", "below")
    rows = [
        {
            "_id": str(place),
            "kind": json.dumps(rule["kind"]),
            "least": f">= {rule['least']}",
            "flag": json.dumps(rule["flag"]),
            "below": f"< {rule['below']}",
            "rule": str(place),
        }
        for place, rule in enumerate(rules)
    ]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": field, "name": field, "field": field} for field in fields],
        "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
        "rules": rows,
    }
    here = {"x": 0, "y": 0}
    return json.dumps(
        {
            "nodes": [
                {"id": "in", "type": "inputNode", "name": "in", "position": here},
                {"id": "table", "type": "decisionTableNode", "name": "table", "position": here, "content": table},
                {"id": "out", "type": "outputNode", "name": "out", "position": here},
            ],
            "edges": [
                {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
                {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
            ],
        }
    )


def main() -> None:
    """Answer every case once, then take the time of all of them over and over."""
    given = json.load(sys.stdin)
    decision = zen.ZenEngine().create_decision(graph(given["rules"]))
    cases = given["cases"]
    found = [sorted(row["rule"] for row in decision.evaluate(case)["result"]) for case in cases]
    rounds = []
    for _ in range(_ROUNDS):
        begun, calls = perf_counter_ns(), 0
        while perf_counter_ns() - begun < _ROUND_NS:
            decision.evaluate(cases[calls % len(cases)])
            calls += 1
        rounds.append((perf_counter_ns() - begun) / calls / 1e3)
    print(json.dumps({"found": found, "us": median(rounds)}))


if __name__ == "__main__":
    main()
