"""What cannot be done with a case, a decision or an appeal as it is now."""

from kiemtin.errors import KiemtinError
from serving.errors.busy import BusyError
from serving.errors.requests import RequestError


class ConflictError(KiemtinError):
    """It is not any more as the caller believes."""


class PostDiffersError(ConflictError):
    """Another text is stored under this source, external_id and revision."""

    code = "post_differs"


class AlreadyClaimedError(ConflictError):
    """Another person has the case."""

    code = "already_claimed"


class LeaseLostError(ConflictError):
    """The time for the case ran out, or another person has it since."""

    code = "lease_lost"


class AlreadyDecidedError(ConflictError):
    """The case was decided otherwise already."""

    code = "already_decided"


class NotDecidedError(ConflictError):
    """No decision of the case stands."""

    code = "not_decided"


class AlreadyReversedError(ConflictError):
    """The decision was reversed already."""

    code = "already_reversed"


class OwnDecisionError(ConflictError):
    """Another person must look at what this one decided."""

    code = "own_decision"


class ExposureSpentError(ConflictError):
    """The person has seen as many posts today as they wanted to."""

    code = "exposure_spent"


class AppealOpenError(ConflictError):
    """An appeal against the decision is open already."""

    code = "appeal_open"


class AppealClosedError(ConflictError):
    """The appeal was answered otherwise already."""

    code = "appeal_closed"


class NotAppealableError(ConflictError):
    """The decision does not stand: there is nothing to appeal against."""

    code = "not_appealable"


class EndpointDisabledError(ConflictError):
    """The webhook is told nothing any more."""

    code = "endpoint_disabled"


class VersionMismatchError(KiemtinError):
    """It was changed since the caller saw it."""

    code = "version_mismatch"


class ReasonNotAllowedError(RequestError):
    """The review policy does not know this reason, or asks for another."""

    code = "reason_not_allowed"


class WebhookAddressError(RequestError):
    """Nothing may be sent to this address."""

    code = "webhook_address"


class IdempotencyMismatchError(RequestError):
    """Another request came with this Idempotency-Key."""

    code = "idempotency_mismatch"


class IdempotencyInProgressError(BusyError):
    """A request with this Idempotency-Key is just being answered."""

    code = "idempotency_in_progress"


class ReviewPolicyError(KiemtinError):
    """The review policy cannot be used."""

    code = "invalid_review_policy"


class AuditBrokenError(KiemtinError):
    """A row of the audit log was changed, taken out or moved."""

    code = "audit_broken"
