"""Mail: written in a transaction, delivered over SMTP, or kept in an outbox where no server is set."""

from octavo.kernel.mail.actions import forget_old, send_mail
from octavo.kernel.mail.queries import outbox
from octavo.kernel.mail.rows import KeptMail, Mail

__all__ = ["KeptMail", "Mail", "forget_old", "outbox", "send_mail"]
