"""The texts that codes are sent in: those that every account has."""

from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.sids import sid

Channel = Literal["sms", "voice"]
WRITTEN_ON = datetime(2026, 1, 1, tzinfo=UTC)


class Template(Struct, frozen=True):
    """`texts` has a text by language; `{{friendly_name}}`, `{{code}}` and further words in braces are filled in."""

    id: UUID
    friendly_name: str
    channels: tuple[Channel, ...]
    texts: dict[str, str]

    @property
    def sid(self) -> str:
        return sid("HJ", self.id)


PLAIN, WARNING, SPOKEN, PAYMENT = (UUID(int=0x0C7A_0000_0000_7000_8000_0000_0000_0000 + number) for number in range(4))
TEMPLATES: dict[UUID, Template] = {
    one.id: one
    for one in (
        Template(
            PLAIN,
            "Verification",
            ("sms",),
            {
                "en": "Your {{friendly_name}} verification code is: {{code}}",
                "de": "Ihr Bestätigungscode für {{friendly_name}} lautet: {{code}}",
                "es": "Tu código de verificación de {{friendly_name}} es: {{code}}",
                "fr": "Votre code de vérification pour {{friendly_name}} est : {{code}}",
                "it": "Il tuo codice di verifica per {{friendly_name}} è: {{code}}",
                "pt": "Seu código de verificação de {{friendly_name}} é: {{code}}",
            },
        ),
        Template(
            WARNING,
            "Verification with a warning",
            ("sms",),
            {
                "en": "Your {{friendly_name}} verification code is: {{code}}. Don't share this code with anyone; "
                "our employees will never ask for the code.",
                "de": "Ihr Bestätigungscode für {{friendly_name}} lautet: {{code}}. Geben Sie ihn an niemanden weiter; "
                "wir fragen nie danach.",
                "es": "Tu código de verificación de {{friendly_name}} es: {{code}}. No lo compartas con nadie; "
                "nunca te lo pediremos.",
                "fr": "Votre code de vérification pour {{friendly_name}} est : {{code}}. Ne le partagez avec "
                "personne ; nous ne vous le demanderons jamais.",
            },
        ),
        Template(
            SPOKEN,
            "Verification by call",
            ("voice",),
            {
                "en": "Hello. Your {{friendly_name}} verification code is: {{code}}. Once more: {{code}}. Goodbye.",
                "de": "Guten Tag. Ihr Bestätigungscode für {{friendly_name}} lautet: {{code}}. "
                "Noch einmal: {{code}}. Auf Wiederhören.",
                "es": "Hola. Tu código de verificación de {{friendly_name}} es: {{code}}. "
                "Una vez más: {{code}}. Adiós.",
                "fr": "Bonjour. Votre code de vérification pour {{friendly_name}} est : {{code}}. "
                "Encore une fois : {{code}}. Au revoir.",
            },
        ),
        Template(
            PAYMENT,
            "Verification of a payment",
            ("sms",),
            {"en": "Your {{friendly_name}} code to authorize a payment of {{amount}} to {{payee}} is: {{code}}"},
        ),
    )
}
