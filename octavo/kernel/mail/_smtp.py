"""One mail over SMTP (RFC 5321), with a limit on every wait."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid

from octavo.kernel.mail.rows import KeptMail
from octavo.settings.mail import MailSettings


def deliver(settings: MailSettings, mail: KeptMail) -> None:
    """Blocks: call it in a thread. Raises OSError or smtplib.SMTPException, and the job tries again."""
    with _connected(settings) as server:
        if settings.username:
            server.login(settings.username, settings.password)
        server.send_message(_message(settings, mail))


def _connected(settings: MailSettings) -> smtplib.SMTP:
    trust = ssl.create_default_context()
    if settings.security == "tls":
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout, context=trust)
    server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
    if settings.security == "starttls":
        server.starttls(context=trust)
    return server


def _message(settings: MailSettings, mail: KeptMail) -> EmailMessage:
    message = EmailMessage()
    message["From"] = formataddr((mail.from_name, settings.sender))
    message["To"] = mail.recipient
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = make_msgid(mail.mail_id.hex, settings.sender.partition("@")[2] or "localhost")
    message.set_content(mail.text)
    return message
