"""The vendor's error codes that we use: what each means to a caller, and how loud it is in the debugger."""

from typing import NamedTuple

from octavo.kernel.refusals import Refusal

ERROR, WARNING = "error", "warning"


class Code(NamedTuple):
    status: int  # of the HTTP answer, where the code refuses a request
    text: str
    level: str = ERROR


CODES: dict[int, Code] = {
    10001: Code(403, "Account is not active"),
    20001: Code(400, "Invalid parameter"),
    20002: Code(400, "Invalid FriendlyName"),
    20003: Code(401, "Authentication Error - invalid username"),
    20004: Code(405, "Method not allowed"),
    20005: Code(403, "Account is suspended"),
    20006: Code(403, "Access denied"),
    20008: Code(403, "Resource not accessible with Test Account Credentials"),
    20009: Code(409, "The resource is in use"),
    20404: Code(404, "The requested resource was not found"),
    20409: Code(409, "Conflict"),
    20422: Code(422, "Invalid parameter"),
    20429: Code(429, "Too Many Requests"),
    20500: Code(500, "Internal Server Error"),
    20503: Code(503, "Service unavailable"),
    21201: Code(400, "No 'To' number is specified"),
    21211: Code(400, "Invalid 'To' Phone Number"),
    21212: Code(400, "Invalid 'From' Number"),
    21401: Code(400, "Invalid Phone Number"),
    21402: Code(400, "Invalid URL"),
    21403: Code(400, "Invalid Method"),
    21420: Code(400, "ApplicationSid is not accessible"),
    21421: Code(400, "PhoneNumber is invalid"),
    21422: Code(400, "PhoneNumber is not available"),
    21449: Code(400, "Number already can be used for outgoing calls and messages"),
    21450: Code(400, "Phone number already validated on your account"),
    21451: Code(400, "Invalid area code"),
    21452: Code(400, "No phone numbers found in area code"),
    21454: Code(400, "Invalid CallDelay"),
    21457: Code(400, "AreaCode Parameter not Supported"),
    21458: Code(400, "PhoneNumber Provisioning Type Mismatch"),
    21459: Code(400, "Phone number cannot be verified"),
    21470: Code(400, "Invalid AccountSid"),
    21471: Code(400, "Account does not exist"),
    21472: Code(400, "Account is not active"),
    21473: Code(400, "Transfer target AccountSid is not related to the phone number owner"),
    21474: Code(400, "API User must be the parent account to transfer phone numbers"),
    21602: Code(400, "Message body is required"),
    21606: Code(400, "The 'From' phone number provided is not a valid message-capable phone number for your account"),
    21610: Code(400, "Attempt to send to unsubscribed recipient"),
    21614: Code(400, "'To' number is not a valid mobile number"),
    21617: Code(400, "The concatenated message body exceeds the 1600 character limit"),
    21619: Code(400, "A text message body or media urls must be specified"),
    21623: Code(400, "Number of media files exceeds allowed limit"),
    21628: Code(400, "Address Validation Error"),
}


class CommsRefusal(Refusal):
    """A refusal under one of the vendor's numbers. `detail` says what happened in this case, else the code's text."""

    def __init__(self, number: int, detail: str = "", *, retry_after: int = 0) -> None:
        code = CODES[number]
        super().__init__(detail or code.text)
        self.number = number
        self.status = code.status
        self.retry_after = retry_after

    @property
    def code(self) -> str:
        return str(self.number)


def text_of(number: int) -> str:
    return CODES[number].text


def more_info(number: int) -> str:
    """The vendor's page about the code; the SDKs show it."""
    return f"https://www.twilio.com/docs/errors/{number}"
