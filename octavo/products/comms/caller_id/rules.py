"""Which numbers can be proved to be somebody's, and how."""

from datetime import timedelta

from octavo.products.comms.caller_id.rows import NewValidation
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.rules import check_name, check_urls, is_valid, keypad_digits, kind_of, parse_e164

CODE_DIGITS = 6
MOST_ATTEMPTS = 3
VALID_FOR = timedelta(minutes=10)
LONGEST_DELAY = 60  # seconds


def check_request(new: NewValidation) -> str:
    """The number as E.164. Raises CommsRefusal 21401, 21454, 21459, 20002 or 21402."""
    number = parse_e164(keypad_digits(new.number))
    if number is None or not is_valid(number):
        raise CommsRefusal(21401, f"{new.number:.40} is not a valid phone number.")
    if kind_of(number) is None:
        raise CommsRefusal(21459, f"{number} is of a kind that cannot be verified.")
    if not 0 <= new.call_delay <= LONGEST_DELAY:
        raise CommsRefusal(21454, f"CallDelay is from 0 to {LONGEST_DELAY} seconds.")
    check_name(new.friendly_name)
    check_urls({"status_callback": new.status_callback})
    return number


def words_of_text(account_name: str, code: str) -> str:
    """What is written to whoever reads it there: the account needs the code back."""
    return f"{account_name} would like to show your number when they call. If you agree, tell them this code: {code}"


def words_of_call(account_name: str) -> str:
    """What is said to whoever answers: they need the code that the account was shown."""
    return (
        f"Hello. {account_name} would like to show your number when they call. "
        f"If you agree, please enter the {CODE_DIGITS}-digit code that they gave you."
    )
