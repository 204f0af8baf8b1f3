"""ThreatQ's REST API: from request to answer."""

from citrix_waf_lab.threatq.state import ThreatQ
from citrix_waf_lab.wire import Answer, Answering, Request


def answering(threatq: ThreatQ) -> Answering:
    """Return the one function that is this ThreatQ."""

    def answer(request: Request) -> Answer:
        _ = request, threatq
        return Answer(404, "Not Found")

    return answer
