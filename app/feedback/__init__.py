"""Use case: 好差评, what those who kept a guide think of it, tied to the release and the rules it came from."""

from app.feedback.masking import mask_personal_data
from app.feedback.opinions import LONGEST_COMMENT, Opinion, as_opinion
from app.feedback.records import LOW_GRADES, Feedback, Given, Grade, GradeCounts, Reason, Summary
from app.feedback.service import as_feedback, give, list_feedback, summarise

__all__ = [
    "LONGEST_COMMENT",
    "LOW_GRADES",
    "Feedback",
    "Given",
    "Grade",
    "GradeCounts",
    "Opinion",
    "Reason",
    "Summary",
    "as_feedback",
    "as_opinion",
    "give",
    "list_feedback",
    "mask_personal_data",
    "summarise",
]
