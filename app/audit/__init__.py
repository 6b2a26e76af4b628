"""The audit trail: who did what, when, appended and never changed, each entry chained to the one before it."""

from app.audit.chain import GENESIS, Break, BreakKind, ChainReport, Head
from app.audit.records import Actor, ActorKind, Entry
from app.audit.service import BrokenTrail, append_entry, recent_entries, trail_head, verify_chain

__all__ = [
    "GENESIS",
    "Actor",
    "ActorKind",
    "Break",
    "BreakKind",
    "BrokenTrail",
    "ChainReport",
    "Entry",
    "Head",
    "append_entry",
    "recent_entries",
    "trail_head",
    "verify_chain",
]
