"""The snippets of the first steps. The auth token comes from the environment, so that it is copied nowhere."""

from typing import NamedTuple

_CURL = """\
curl -u "{sid}:$TWILIO_AUTH_TOKEN" \\
  "{base}/2010-04-01/Accounts/{sid}/Messages.json" \\
  --data-urlencode "From={number}" \\
  --data-urlencode "To={handset}" \\
  --data-urlencode "Body=Tea is ready"
"""
_PYTHON = """\
import os
from twilio.rest import Client
from octavo.twilio_client import OctavoHttpClient

client = Client(
    "{sid}",
    os.environ["TWILIO_AUTH_TOKEN"],
    http_client=OctavoHttpClient("{base}"),
)
message = client.messages.create(
    from_="{number}", to="{handset}", body="Tea is ready"
)
print(message.sid, message.status)
"""
_NODE = """\
// octavo comms proxy --to {base}
// export HTTP_PROXY=http://127.0.0.1:8899 NODE_EXTRA_CA_CERTS=…
const client = require("twilio")("{sid}", process.env.TWILIO_AUTH_TOKEN);

const message = await client.messages.create({{
  from: "{number}", to: "{handset}", body: "Tea is ready",
}});
console.log(message.sid, message.status);
"""


class Snippet(NamedTuple):
    name: str
    code: str


def snippets(base: str, sid: str, number: str, handset: str) -> list[Snippet]:
    """One message three times: `base` is where the dialect answers."""
    values = {"base": base, "sid": sid, "number": number, "handset": handset}
    return [
        Snippet(name, code.format_map(values)) for name, code in (("curl", _CURL), ("Python", _PYTHON), ("Node", _NODE))
    ]
