"""What two decisions have to share so that a reader cannot tell them apart."""

from dataclasses import replace

from app.engine import Decision


def told(decision: Decision) -> Decision:
    """The decision without the words of tests: how a changed condition is written is the change itself."""
    procedures = tuple(
        replace(
            item,
            conditions=tuple(replace(one, condition=replace(one.condition, test=None)) for one in item.conditions),
        )
        for item in decision.procedures
    )
    return replace(decision, procedures=procedures)
