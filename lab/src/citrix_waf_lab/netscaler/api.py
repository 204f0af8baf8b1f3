"""The NITRO interface of an appliance: one function from request to answer."""

from citrix_waf_lab.netscaler.state import Appliance
from citrix_waf_lab.wire import Answer, Answering, Request


def answering(appliance: Appliance) -> Answering:
    """Return the function that answers for an appliance."""

    def answer(request: Request) -> Answer:
        raise NotImplementedError(appliance.name, request.path)

    return answer
