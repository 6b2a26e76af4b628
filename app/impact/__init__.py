"""Use case: two rulebooks compared, in the law's words and by what they come to for whom."""

from app.impact.layout import Laid, laid_out
from app.impact.page import page_of
from app.impact.report import diff_report, impact_report

__all__ = ["Laid", "diff_report", "impact_report", "laid_out", "page_of"]
