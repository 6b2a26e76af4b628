"""Use case: two rulebooks compared, in the law's words and by what they come to for whom."""

from app.impact.report import diff_report, impact_report

__all__ = ["diff_report", "impact_report"]
