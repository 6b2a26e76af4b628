"""Use case: a kept guide to take along, as letter of commitment, filing form, notice, calendar and QR code."""

from app.documents.codes import kept_address, public_base, qr_svg
from app.documents.reading import has_form
from app.documents.records import DOCX, ICS, File, Original
from app.documents.service import calendar_file, form_file, notice_file, workdays_of
from app.documents.workdays import Workdays

__all__ = [
    "DOCX",
    "ICS",
    "File",
    "Original",
    "Workdays",
    "calendar_file",
    "form_file",
    "has_form",
    "kept_address",
    "notice_file",
    "public_base",
    "qr_svg",
    "workdays_of",
]
