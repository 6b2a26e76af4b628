"""The kinds of things a rulebook names, and the marker that says which kind a field names."""

import enum
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """What a code stands for; each kind has its own set of codes."""

    FACT = "fact"
    DEFINITION = "definition"
    PROCEDURE = "procedure"
    RULE = "rule"
    MATERIAL = "material"
    AUTHORITY = "authority"
    ITEM_TYPE = "item type"
    LEVEL = "level"
    MODULE = "module"
    TOPIC = "topic"
    POLICY = "policy"
    DISTRICT = "district"
    ARTICLE = "clause"


@dataclass(frozen=True, slots=True)
class Names:
    """Marks a field of a file's model: what stands here is the code of something of this kind."""

    kind: Kind
