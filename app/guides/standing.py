"""Why a kept guide differs from what would be answered now, in its reader's words."""

from app.guides.records import Comparison, KeptGuide
from app.wording import date_text, language_of, phrases_in


def why_outdated(kept: KeptGuide, comparison: Comparison) -> str | None:
    """Return the two time axes as a sentence: what our rules said then, and the law of that day; None where it stands.

    Shape: in the language of the guide.
    """
    reason = "unknown" if comparison.outdated is None else comparison.because
    if reason is None:
        return None
    phrases = phrases_in(language_of(kept.asked.lang))
    return phrases.say(
        f"outdated.{reason}",
        day=date_text(kept.as_of, phrases),
        today=date_text(comparison.as_of, phrases),
        kept=kept.release_version,
        release=comparison.release,
    )
