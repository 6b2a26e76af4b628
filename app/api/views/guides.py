"""A kept guide on the wire: its own bytes untouched, its standing beside them."""

from datetime import UTC

import orjson

import app.api.schemas.guides as wire
from app.guides import Comparison, KeptGuide, spoken_groups, why_outdated


def kept_body(kept: KeptGuide, comparison: Comparison) -> bytes:
    """Return the whole answer; the guide's bytes go in as they were kept."""
    standing = _standing(kept, comparison).model_dump(mode="json", by_alias=True)
    return orjson.dumps(
        {
            "reference": kept.reference,
            "reference_shown": spoken_groups(kept.reference),
            "kept_at": kept.kept_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "guide": orjson.Fragment(kept.body),
            **standing,
        }
    )


def _standing(kept: KeptGuide, comparison: Comparison) -> wire.Standing:
    return wire.Standing.model_validate(
        {
            "outdated": comparison.outdated,
            "outdated_because": comparison.because,
            "outdated_why": why_outdated(kept, comparison),
            "changes": [
                {
                    "procedure": change.procedure,
                    "name": change.name,
                    "because": change.cause,
                    "before": change.before,
                    "before_name": change.before_name,
                    "before_possible": change.before_possible,
                    "after": change.after,
                    "after_name": change.after_name,
                    "after_possible": change.after_possible,
                }
                for change in comparison.changes
            ],
            "other_changes": [
                {"part": change.part, "procedure": change.procedure, "because": change.cause}
                for change in comparison.other_changes
            ],
            "compared_with": {"release": comparison.release, "as_of": comparison.as_of},
        }
    )
