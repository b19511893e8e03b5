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
    10002: Code(400, "Trial account does not support this feature"),
    11100: Code(400, "Invalid URL format"),
    11200: Code(400, "HTTP retrieval failure"),
    11205: Code(400, "HTTP connection failure"),
    11206: Code(400, "HTTP protocol violation"),
    11210: Code(400, "HTTP bad host name"),
    11215: Code(400, "HTTP too many redirects"),
    11220: Code(400, "SSL/TLS handshake error"),
    11751: Code(400, "Media exceeds the size limit, or the storage that the account has left"),
    12100: Code(400, "Document parse failure", ERROR),
    12200: Code(400, "Schema validation warning", WARNING),
    12300: Code(400, "Invalid Content-Type", WARNING),
    14101: Code(400, "Invalid To attribute"),
    14102: Code(400, "Invalid From attribute"),
    14103: Code(400, "Invalid body"),
    14104: Code(400, "Invalid method attribute"),
    14107: Code(400, "Message rate limit exceeded"),
    14108: Code(400, "Message 'From' number cannot send messages"),
    14109: Code(400, "Message reply limit exceeded"),
    14110: Code(400, "Invalid verb for messaging"),
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
    21266: Code(400, "To and From number cannot be the same"),
    21401: Code(400, "Invalid Phone Number"),
    21402: Code(400, "Invalid URL"),
    21403: Code(400, "Invalid Method"),
    21408: Code(400, "Permission to send to this region is not enabled"),
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
    21603: Code(400, "'From' phone number is required to send a message"),
    21604: Code(400, "'To' phone number is required to send a message"),
    21606: Code(400, "The 'From' phone number provided is not a valid message-capable phone number for your account"),
    21609: Code(400, "The StatusCallback URL is not a valid URL"),
    21610: Code(400, "Attempt to send to unsubscribed recipient"),
    21611: Code(400, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: Code(400, "The 'To' phone number is not reachable from this number"),
    21614: Code(400, "'To' number is not a valid mobile number"),
    21617: Code(400, "The concatenated message body exceeds the 1600 character limit"),
    21619: Code(400, "A text message body or media urls must be specified"),
    21620: Code(400, "Invalid media URL(s)"),
    21623: Code(400, "Number of media files exceeds allowed limit"),
    21625: Code(400, "Validity period is out of range"),
    21628: Code(400, "Address Validation Error"),
    21654: Code(400, "ContentSid Required"),
    21655: Code(400, "The ContentSid is Invalid"),
    21701: Code(400, "The Messaging Service does not exist"),
    21703: Code(400, "The Messaging Service does not have a phone number available to send a message"),
    21704: Code(400, "The Messaging Service contains no phone numbers"),
    21710: Code(409, "Phone number is already in the Messaging Service"),
    21712: Code(409, "Phone number or name is not associated with the Messaging Service"),
    21713: Code(400, "Alpha sender is invalid"),
    21714: Code(409, "Alpha sender is already in the Messaging Service"),
    30001: Code(400, "Queue overflow"),
    30003: Code(400, "Unreachable destination handset"),
    30004: Code(400, "Message blocked"),
    30005: Code(400, "Unknown destination handset"),
    30006: Code(400, "Landline or unreachable carrier"),
    30007: Code(400, "Message filtered"),
    30008: Code(400, "Unknown error"),
    30036: Code(400, "Validity period expired"),
    30409: Code(409, "The message cannot be canceled any more"),
    30450: Code(400, "Message delivery blocked: the traffic looks like fraud"),
    35111: Code(400, "SendAt is required with ScheduleType"),
    35114: Code(400, "SendAt is too near or too far away"),
    35118: Code(400, "MessagingServiceSid is required to schedule a message"),
    35126: Code(400, "ScheduleType must be fixed"),
    60200: Code(400, "Invalid parameter"),
    60202: Code(429, "Max check attempts reached"),
    60203: Code(429, "Max send attempts reached"),
    60204: Code(403, "Custom code not allowed"),
    60205: Code(403, "SMS is not supported by landline phone number"),
    60207: Code(400, "Max rate limits per service reached"),
    60208: Code(400, "Max buckets per rate limit reached"),
    60212: Code(429, "Too many concurrent requests for phone number"),
    60223: Code(403, "Delivery channel disabled"),
    60228: Code(400, "Template was not found"),
    60302: Code(409, "Entity already exists"),
    60305: Code(400, "Max factors per entity reached"),
    60306: Code(429, "Max verification attempts of the factor reached"),
    60308: Code(400, "Challenge has been answered already"),
    60309: Code(400, "Challenge has expired"),
    60318: Code(403, "Factor is not verified"),
    60410: Code(403, "Verification delivery attempt blocked"),
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
