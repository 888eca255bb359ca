"""A driver that answers everything alike, for tests of the runner itself: its argument says how it misbehaves."""

import json
import sys

MOOD = sys.argv[1] if len(sys.argv) > 1 else ""


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def answer(request: dict) -> dict:
    """What it says to a request."""
    if request["do"] == "hello":
        return {"ok": {"language": "little", "client": "", "features": ["call", "errors"]}}
    if request["do"] == "call" and MOOD == "refuses":
        return {"error": {"kind": "NotFoundError", "code": "NOT_FOUND", "reason": "STAFF_UNKNOWN", "metadata": {}}}
    if request["do"] == "call":
        return {"ok": {"response": {"staff": [], "echo": request["request"]}}}
    return {"ok": {}}


for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "call" and MOOD == "dies":
        sys.exit("a driver's last words")
    if asked["do"] == "call" and MOOD == "babbles":
        say("no JSON at all")
    if asked["do"] == "call" and MOOD == "repeats":
        for _ in range(2):
            prefix = asked["connection"].partition("/")[0]
            told = {"event": "change", "floor": f"{prefix}/floor", "kind": "CHANGED", "staff_id": "ana", "revision": 7}
            say(json.dumps(told))
    say(json.dumps({"id": asked["id"], **answer(asked)}))
sys.exit(3 if MOOD == "ends badly" else 0)
