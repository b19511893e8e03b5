"""The validators of the official Node SDK, at hand for as long as tests run."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from octavo.kernel.processes import die_with_parent
from octavo.ui.node import node_command
from tests.wire.packages import node_modules
from tests.wire.twilio.receiving import Received, Receiver

SCRIPT = Path(__file__).with_name("validate.mjs")


@dataclass(frozen=True)
class NodeValidators:
    """One process of Node that is asked about a request at a time."""

    process: subprocess.Popen[str]

    def believing(self, token: str, received: Received) -> dict[str, bool]:
        """What each of the SDK's validators says."""
        asked = {
            "token": token,
            "method": received.method,
            "url": received.url,
            "headers": received.headers,
            "form": received.form,
            "body": received.body.decode(),
        }
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        told: dict[str, bool] = json.loads(self.process.stdout.readline())
        return told

    def faults(self, receiver: Receiver) -> Iterator[str]:
        """A sentence for each signed request that one of them refuses, or that they believe although it was changed."""
        for one in receiver.got:
            if one.path in receiver.unsigned:
                continue
            told = [self.believing(token, one) for token in receiver.tokens_of(one)]
            if not any(all(said.values()) for said in told):
                yield f"the Node SDK does not believe {one.method} {one.url}: {told}"
            changed = replace(one, url=one.url + "x")
            if any(any(self.believing(token, changed).values()) for token in receiver.tokens_of(one)):
                yield f"the Node SDK believes {one.method} {one.url} at another address"


@contextmanager
def started() -> Iterator[NodeValidators]:
    node_modules()
    process = subprocess.Popen(
        node_command(str(SCRIPT)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent(),
    )
    assert process.stdin
    try:
        yield NodeValidators(process)
    finally:
        process.stdin.close()
        assert process.wait(60) == 0
