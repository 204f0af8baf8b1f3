"""Every situation that ends a run badly, named.

1. An error says what happened and what to do about it, each in one line.
2. Its class fixes the exit code and whether a later run can succeed by itself.
3. Library exceptions are translated where they arise and never leave that file.
"""

from typing import ClassVar

from tq_conn_citrix_waf.exits import Exit


class ConnectorError(Exception):
    """The root: what happened, and what to do.

    Args:
        what: what happened, naming the place; one line, no secret in it.
        cure: what a person does about it; one line.
    """

    exit: ClassVar[Exit] = Exit.BUG
    later: ClassVar[bool] = False
    """Whether the same run, repeated later, may succeed with no cure applied."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what)
        self.what = what
        self.cure = cure


class ConfigurationError(ConnectorError):
    """A setting is missing, wrong or contradicts another."""

    exit = Exit.CONFIGURATION


class NotConfiguredError(ConfigurationError):
    """The directory holds no configuration and nobody is there to be asked."""


class StatusUnknownError(ConfigurationError):
    """ThreatQ knows no status of the name given."""


class SourceError(ConnectorError):
    """ThreatQ did not give what a run needs; nothing is written."""

    exit = Exit.SOURCE


class SourceUnreachableError(SourceError):
    """No answer came from ThreatQ, or it was cut off."""

    later = True


class SourceEndlessError(SourceUnreachableError):
    """An answer of ThreatQ was larger, or took longer, than any honest one."""


class SourceCertificateError(SourceError):
    """ThreatQ's certificate is not trusted."""


class SourceSignInError(SourceError):
    """ThreatQ refused the sign-in."""


class SourceRefusedError(SourceError):
    """ThreatQ refused a request: no right, or not understood."""


class SourceFaultError(SourceError):
    """ThreatQ answered with an error, or with something that is no data."""

    later = True


class CollectionNotFoundError(SourceError):
    """No data collection of that name is visible to this user."""


class CollectionAmbiguousError(ConfigurationError):
    """Two data collections carry the same name."""


class SourceIncompleteError(SourceError):
    """A collection could not be shown to be read whole."""

    later = True


class SourceEmptyError(SourceError):
    """A collection gave nothing that can be blocked: taken for an outage."""

    later = True


class TargetError(ConnectorError):
    """The NetScaler did not do what a run needs."""

    exit = Exit.TARGET


class TargetUnreachableError(TargetError):
    """No answer came from the NetScaler, or it was cut off."""

    later = True


class TargetCertificateError(TargetError):
    """The NetScaler's certificate is not trusted."""


class TargetSignInError(TargetError):
    """The NetScaler refused the sign-in."""


class TargetSessionsError(TargetError):
    """The NetScaler has no session left."""

    later = True


class TargetRightsError(TargetError):
    """The NetScaler user lacks a right."""


class TargetFaultError(TargetError):
    """The NetScaler answered with an error, or with something that is no answer."""

    later = True


class SecondaryNodeError(TargetError):
    """The node is the secondary of a pair: what is written there is lost."""

    later = True


class DatasetMissingError(TargetError):
    """The data set does not exist on the appliance."""


class DatasetTypeError(TargetError):
    """The data set has the wrong type."""


class DatasetFullError(TargetError):
    """The data set holds no more values; some wanted addresses are not blocked."""


class EntriesRefusedError(TargetError):
    """The appliance refused some entries for themselves; all others went ahead."""


class PlanHeldError(ConnectorError):
    """Additions or removals are over a limit and were held back."""

    exit = Exit.REFUSED


class PlanChangedError(ConnectorError):
    """The plan is not the one that was to be applied; nothing was written."""

    exit = Exit.REFUSED


class PausedError(ConnectorError):
    """People have stopped all writing to the appliance; nothing was written."""

    exit = Exit.REFUSED


class FaultError(ConnectorError):
    """This program failed in a way that it does not know."""


class LockoutError(ConnectorError):
    """The plan would block what must never be; nothing was written."""

    exit = Exit.REFUSED


class UnverifiedError(ConnectorError):
    """Read again, the data set is not what was written."""

    exit = Exit.UNVERIFIED
    later = True


class StillBlockedError(ConnectorError):
    """What is to be let through is still blocked by entries of others."""

    exit = Exit.REFUSED


class StateError(ConnectorError):
    """The configuration directory cannot be read or written."""

    exit = Exit.STATE


class LockedError(StateError):
    """Another run holds the lock."""

    later = True


class StoppedError(ConnectorError):
    """A person or a signal ended the run."""

    exit = Exit.INTERRUPTED
    later = True
