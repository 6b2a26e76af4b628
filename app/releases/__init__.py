"""Use case: releases 规则版本, and the editions of them that a process answers from."""

from app.releases.contents import DamagedRelease, as_texts, is_kept, read_files, write_files
from app.releases.editions import EDITION, Edition, Editions, Source, edition_of, take_edition
from app.releases.examining import examine, examine_apart
from app.releases.last_served import LastServed
from app.releases.records import (
    Examined,
    Published,
    Release,
    ReleaseState,
    RolledBack,
    Standing,
    Step,
    StepKind,
)
from app.releases.service import activate, find_files, find_same, find_standing, publish, releases, roll_back, withdraw
from app.releases.starting import Start, starting_point
from app.releases.uploads import files_of_mapping, files_of_zip
from app.releases.watching import Watch

__all__ = [
    "EDITION",
    "DamagedRelease",
    "Edition",
    "Editions",
    "Examined",
    "LastServed",
    "Published",
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
    "publish",
    "read_files",
    "releases",
    "roll_back",
    "starting_point",
    "take_edition",
    "withdraw",
    "write_files",
]
