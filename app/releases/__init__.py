"""Use case: releases 规则版本, and the editions of them that a process answers from."""

from app.releases.editions import EDITION, Edition, Editions, edition_of, take_edition

__all__ = ["EDITION", "Edition", "Editions", "edition_of", "take_edition"]
