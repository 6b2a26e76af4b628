"""Use case: two rulebooks compared, in the law's words and by what they come to for whom."""

from app.impact.apart import compare_apart
from app.impact.layout import Days, Item, Laid, Row, TopicPart, laid_out
from app.impact.page import page_of
from app.impact.report import diff_report, impact_report, with_guides

__all__ = [
    "Days",
    "Item",
    "Laid",
    "Row",
    "TopicPart",
    "compare_apart",
    "diff_report",
    "impact_report",
    "laid_out",
    "page_of",
    "with_guides",
]
