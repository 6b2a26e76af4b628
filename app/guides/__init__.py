"""Use case: keep a guide under a reference, reopen it years later, say what has moved since."""

from app.guides.records import Comparison, Draft, Kept, KeptGuide, OtherChange, TreatmentChange
from app.guides.references import Reference, new_reference, read_reference, spoken_groups
from app.guides.service import (
    KEY_LIFE,
    KEY_NAME,
    IdempotencyKey,
    as_kept,
    compare_kept,
    draft_guide,
    failed_draft,
    keep,
    read_key,
    reopen,
)
from app.guides.standing import why_outdated
from app.guides.sweeping import Sweep, sweep

__all__ = [
    "KEY_LIFE",
    "KEY_NAME",
    "Comparison",
    "Draft",
    "IdempotencyKey",
    "Kept",
    "KeptGuide",
    "OtherChange",
    "Reference",
    "Sweep",
    "TreatmentChange",
    "as_kept",
    "compare_kept",
    "draft_guide",
    "failed_draft",
    "keep",
    "new_reference",
    "read_key",
    "read_reference",
    "reopen",
    "spoken_groups",
    "sweep",
    "why_outdated",
]
