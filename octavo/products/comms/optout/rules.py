"""The words by which people stop and start messages: the vendor's, where an account has none of its own."""

from collections.abc import Sequence

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.optout.rows import Asked, Wish, Words

USUAL: dict[Wish, Words] = {
    "STOP": Words(
        "STOP",
        ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"],
        "You have successfully been unsubscribed. You will not receive any more messages from this number. "
        "Reply START to resubscribe.",
    ),
    "START": Words(
        "START",
        ["start", "yes", "unstop"],
        "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
        "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    ),
    "HELP": Words("HELP", ["help", "info"], "Reply STOP to unsubscribe. Msg&Data Rates May Apply."),
}
MOST_WORDS, LONGEST_WORD, LONGEST_ANSWER = 50, 40, 1600


def read_wish(body: str, own: Sequence[Words]) -> Asked | None:
    """What a text asks for, if it is nothing but one of the words. `own` go before the usual ones, wish by wish."""
    word = plain(body)
    for words in (USUAL | {one.wish: one for one in own}).values():
        if word in words.words:
            return Asked(words.wish, words.answer)
    return None


def plain(word: str) -> str:
    """As words are compared: without case, space, quotes and full stops around them."""
    return word.strip().strip("\"'.!").casefold()


def checked_words(words: Words) -> Words:
    """Raises CommsRefusal 20001 for words that nobody could send, or an answer that is too long."""
    kept = list(dict.fromkeys(plain(word) for word in words.words))
    if not 1 <= len(kept) <= MOST_WORDS or not all(1 <= len(word) <= LONGEST_WORD for word in kept):
        raise CommsRefusal(20001, f"There are 1 to {MOST_WORDS} words, of at most {LONGEST_WORD} characters each.")
    if len(words.answer) > LONGEST_ANSWER:
        raise CommsRefusal(20001, f"An answer has at most {LONGEST_ANSWER} characters.")
    return Words(words.wish, kept, words.answer)
