"""What communications keep sealed under the master key."""

from octavo.kernel.module import Sealed
from octavo.products.comms.account.queries import KEY, TOKEN
from octavo.products.comms.carrier.simulated.texts import CONTEXT as HANDSET
from octavo.products.comms.credential.actions import SEALED as CREDENTIAL
from octavo.products.comms.inbound.cookie.queries import CONTEXT as COOKIES
from octavo.products.comms.message.bodies import CONTEXT as BODY_KEY
from octavo.products.comms.message_search.keys import CONTEXT as SEARCH_KEY
from octavo.products.comms.monitor.words import CONTEXT as ALERT
from octavo.products.comms.verify.factor.queries import SECRET
from octavo.products.comms.verify.verification.actions import CODE
from octavo.products.comms.verify.verification.queries import WORDS

SEALED = (
    Sealed(table="comms.account", id="account_id", column="sealed_token", context=f"{TOKEN}:{{owner}}"),
    Sealed(table="comms.account", id="account_id", column="sealed_secondary_token", context=f"{TOKEN}:{{owner}}"),
    Sealed(table="comms.account", id="account_id", column="sealed_test_token", context=f"{TOKEN}:{{owner}}"),
    Sealed(table="comms.alert", column="sealed_words", context=f"{ALERT}:{{owner}}"),
    Sealed(table="comms.api_key", column="sealed_secret", context=f"{KEY}:{{owner}}"),
    Sealed(table="comms.body_key", column="sealed_key", context=f"{BODY_KEY}:{{owner}}"),
    Sealed(table="comms.credential", column="sealed_content", context=f"{CREDENTIAL}:{{id}}"),
    Sealed(table="comms.handset_said", column="sealed_body", context=f"{HANDSET}:{{owner}}"),
    Sealed(table="comms.search_key", id="account_id", column="sealed_key", context=f"{SEARCH_KEY}:{{owner}}"),
    Sealed(table="comms.simulated_sms", id="message_id", column="sealed_body", context=f"{HANDSET}:{{owner}}"),
    Sealed(table="comms.verification", column="sealed_code", context=f"{CODE}:{{id}}"),
    Sealed(table="comms.verification_attempt", column="sealed_words", context=f"{WORDS}:{{id}}"),
    Sealed(table="comms.verify_factor", column="sealed_secret", context=f"{SECRET}:{{id}}"),
    Sealed(table="comms.webhook_cookies", column="sealed_cookies", context=f"{COOKIES}:{{owner}}"),
)
