"""Use case: releases 规则版本, and the editions of them that a process answers from."""

from typing import TYPE_CHECKING

from app.late import late_names
from app.releases.contents import DamagedRelease, as_texts, is_kept, read_files, write_files
from app.releases.editions import EDITION, Edition, Editions, Source, edition_of, take_edition
from app.releases.last_served import LastServed
from app.releases.ready import make_ready, make_ready_before
from app.releases.records import (
    Examined,
    Published,
    ReadyForm,
    Release,
    ReleaseState,
    RolledBack,
    Standing,
    Step,
    StepKind,
)
from app.releases.starting import Start, starting_point
from app.releases.watching import Watch

if TYPE_CHECKING:
    from app.releases.examining import examine, examine_apart
    from app.releases.service import (
        activate,
        find_files,
        find_same,
        find_standing,
        publish,
        releases,
        roll_back,
        withdraw,
    )
    from app.releases.uploads import files_of_mapping, files_of_zip
else:
    # What publishes and activates: loaded when first asked for, which a server seldom does.
    __getattr__ = late_names(
        __name__,
        {
            "examining": ("examine", "examine_apart"),
            "service": (
                "activate",
                "find_files",
                "find_same",
                "find_standing",
                "publish",
                "releases",
                "roll_back",
                "withdraw",
            ),
            "uploads": ("files_of_mapping", "files_of_zip"),
        },
    )

__all__ = [
    "EDITION",
    "DamagedRelease",
    "Edition",
    "Editions",
    "Examined",
    "LastServed",
    "Published",
    "ReadyForm",
    "Release",
    "ReleaseState",
    "RolledBack",
    "Source",
    "Standing",
    "Start",
    "Step",
    "StepKind",
    "Watch",
    "activate",
    "as_texts",
    "edition_of",
    "examine",
    "examine_apart",
    "files_of_mapping",
    "files_of_zip",
    "find_files",
    "find_same",
    "find_standing",
    "is_kept",
    "make_ready",
    "make_ready_before",
    "publish",
    "read_files",
    "releases",
    "roll_back",
    "starting_point",
    "take_edition",
    "withdraw",
    "write_files",
]
