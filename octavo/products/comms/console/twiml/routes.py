"""The validator: what Octavo would do with a TwiML document, and what is wrong with it, line by line."""

from typing import Annotated

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Limit, Router, View, signed_in
from octavo.products.comms.codes import more_info
from octavo.products.comms.inbound.rows import ReplyVerb
from octavo.products.comms.inbound.twiml import read_document

pages = Router("/comms/twiml", product="comms")
EXAMPLE = """\
<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Message>Thank you. We open at nine.</Message>
</Response>
"""


class TwimlForm(Struct, frozen=True):
    document: Annotated[str, Meta(max_length=64_000)] = ""


@pages.get("", access=signed_in, summary="The TwiML validator")
async def validator_page(ctx: Context) -> View:
    return View("comms/console/twiml/twiml.html", {"document": EXAMPLE, "checked": False})


@pages.post("", access=signed_in, summary="Check a document", limit=Limit("comms.twiml", 600, per=3600))
async def check_document(ctx: Context, form: TwimlForm) -> View:
    found = read_document(form.document.encode())
    steps = [(isinstance(verb, ReplyVerb), verb) for verb in found.verbs]
    return View(
        "comms/console/twiml/twiml.html",
        {
            "document": form.document,
            "checked": True,
            "steps": steps,
            "problems": found.problems,
            "more_info": more_info,
        },
    )
