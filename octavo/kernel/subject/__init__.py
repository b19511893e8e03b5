"""Subjects: one row per thing that people can like, rate, comment on, list, share, follow or report."""

from octavo.kernel.subject.actions import create_subject, set_subject_state
from octavo.kernel.subject.queries import subject, subjects
from octavo.kernel.subject.rows import Subject, SubjectState
from octavo.kernel.subject.rules import NoSuchSubject, may_view

__all__ = [
    "NoSuchSubject",
    "Subject",
    "SubjectState",
    "create_subject",
    "may_view",
    "set_subject_state",
    "subject",
    "subjects",
]
