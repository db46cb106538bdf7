"""
What only the service can meet, grown from the tree of ``kiemtin.errors``.

* KiemtinError
  x RequestError                 the request cannot be read
    + MalformedRequestError      not a request of HTTP/1.1, or of two meanings
    + BodyTimeoutError           the body did not come to its end in time
    + MalformedJsonError         not JSON, or nested too deeply
    + TooManyValuesError         JSON of more values than any request needs
    + MalformedFormError         not a form
    + UnsupportedMediaTypeError  neither of the two, or compressed as we cannot undo
    + MalformedEncodingError     compressed, but cut off, or not what it says
    + StreamIdleError            nothing came or was taken for too long
    + LineTooLongError           a line of a stream has more bytes than the limit
    + HeadersTooLargeError       the address and the headers have more bytes than that
    + BodyTooLargeError          more bytes than the limit
    + UnknownFieldError          a field that we do not know
    + InvalidFieldError          a field with a value that we cannot use
    + EmptyBatchError            a batch of nothing
    + TooManyItemsError          more items than the limit
    + DuplicateIdError           an earlier item of the batch has this id
    + MissingAttributesError     a comment to analyze for nothing
    + UnsupportedAttributeError  an attribute that we do not measure
    + UnsupportedLanguageError   a language that we do not read
    + MalformedTensorError       a tensor that is not what its header says
    + ReasonNotAllowedError      a reason that the review policy does not know
    + WebhookAddressError        an address that nothing may be sent to
    + IdempotencyMismatchError   another request under the same Idempotency-Key
    + NotFoundError              nothing is at this address
    + MethodNotAllowedError      something is, but not for this method
  x ModelChoiceError             no other model can be made the one that scores
    + ModelUnknownError          there is none that is meant
    + ModelAmbiguousError        there are several
    + NoPreviousModelError       none scored before the one that does
    + ModelRefusedError          it does not prove itself; the old one goes on
  x ConflictError                it is not any more as the caller believes
    + PostDiffersError           another text under the key of a stored post
    + AlreadyClaimedError        another person has the case
    + LeaseLostError             the time for it ran out
    + AlreadyDecidedError        it was decided otherwise
    + NotDecidedError            no decision of it stands
    + AlreadyReversedError       a decision that was reversed
    + OwnDecisionError           another person must look at it
    + ExposureSpentError         as many posts today as the person wanted to see
    + AppealOpenError            there is an appeal already
    + AppealClosedError          it was answered otherwise
    + NotAppealableError         the decision does not stand
    + EndpointDisabledError      the webhook is told nothing any more
  x VersionMismatchError         it was changed since the caller saw it
  x ReviewPolicyError            the review policy cannot be used
  x AuditBrokenError             a row of the audit log was tampered with
  x AccessError                  who asks may not
    + UnauthenticatedError       no key that is valid
    + ForbiddenError             a key without the scope that is needed
    + ForeignHostError           without keys we answer only to names of this machine
    + ForeignFormError           a form that no page of the session sent
  x ClientLeftError              nobody reads the answer
  x BusyError                    not now
    + RateLimitedError           the key used up what it may have in a minute
    + TooManyConnectionsError    every connection is at work
    + QueueFullError             too much waits already
    + DeadlineError              nobody waits for the answer any more
    + SwapInProgressError        another model is being loaded
    + IdempotencyInProgressError the same request is just being answered
  x DatabaseUnavailableError     the database cannot be reached or written
  x KeysMissingError             nobody has a key, and others could reach the service
  x TooManyKeysError             a name has two live keys already
  x KeyNotFoundError             no key, or more than one, is meant
  x AddressError                 the service cannot listen where it should
    + PortInUseError             somebody else listens there
    + AddressUnavailableError    the address is not ours to use
  x InvalidSettingError          a KIEMTIN_* variable has a value that we cannot use
  x InternalError                a mistake of ours
"""

from kiemtin.errors import KiemtinError
from serving.errors.access import (
    AccessError,
    ForbiddenError,
    ForeignFormError,
    ForeignHostError,
    KeyNotFoundError,
    KeysMissingError,
    TooManyKeysError,
    UnauthenticatedError,
)
from serving.errors.busy import (
    BusyError,
    ClientLeftError,
    DeadlineError,
    QueueFullError,
    RateLimitedError,
    SwapInProgressError,
    TooManyConnectionsError,
)
from serving.errors.choices import (
    ModelAmbiguousError,
    ModelChoiceError,
    ModelRefusedError,
    ModelUnknownError,
    NoPreviousModelError,
)
from serving.errors.requests import (
    BodyTimeoutError,
    BodyTooLargeError,
    DuplicateIdError,
    EmptyBatchError,
    HeadersTooLargeError,
    InvalidFieldError,
    LineTooLongError,
    MalformedEncodingError,
    MalformedFormError,
    MalformedJsonError,
    MalformedRequestError,
    MalformedTensorError,
    MethodNotAllowedError,
    MissingAttributesError,
    NotFoundError,
    RequestError,
    StreamIdleError,
    TooManyItemsError,
    TooManyValuesError,
    UnknownFieldError,
    UnsupportedAttributeError,
    UnsupportedLanguageError,
    UnsupportedMediaTypeError,
)
from serving.errors.review import (
    AlreadyClaimedError,
    AlreadyDecidedError,
    AlreadyReversedError,
    AppealClosedError,
    AppealOpenError,
    AuditBrokenError,
    ConflictError,
    EndpointDisabledError,
    ExposureSpentError,
    IdempotencyInProgressError,
    IdempotencyMismatchError,
    LeaseLostError,
    NotAppealableError,
    NotDecidedError,
    OwnDecisionError,
    PostDiffersError,
    ReasonNotAllowedError,
    ReviewPolicyError,
    VersionMismatchError,
    WebhookAddressError,
)
from serving.errors.service import (
    AddressError,
    AddressUnavailableError,
    DatabaseUnavailableError,
    InternalError,
    InvalidSettingError,
    PortInUseError,
)

__all__ = [
    "AccessError",
    "AddressError",
    "AddressUnavailableError",
    "AlreadyClaimedError",
    "AlreadyDecidedError",
    "AlreadyReversedError",
    "AppealClosedError",
    "AppealOpenError",
    "AuditBrokenError",
    "BodyTimeoutError",
    "BodyTooLargeError",
    "BusyError",
    "ClientLeftError",
    "ConflictError",
    "DatabaseUnavailableError",
    "DeadlineError",
    "DuplicateIdError",
    "EmptyBatchError",
    "EndpointDisabledError",
    "ExposureSpentError",
    "ForbiddenError",
    "ForeignFormError",
    "ForeignHostError",
    "HeadersTooLargeError",
    "IdempotencyInProgressError",
    "IdempotencyMismatchError",
    "InternalError",
    "InvalidFieldError",
    "InvalidSettingError",
    "KeyNotFoundError",
    "KeysMissingError",
    "KiemtinError",
    "LeaseLostError",
    "LineTooLongError",
    "MalformedEncodingError",
    "MalformedFormError",
    "MalformedJsonError",
    "MalformedRequestError",
    "MalformedTensorError",
    "MethodNotAllowedError",
    "MissingAttributesError",
    "ModelAmbiguousError",
    "ModelChoiceError",
    "ModelRefusedError",
    "ModelUnknownError",
    "NoPreviousModelError",
    "NotAppealableError",
    "NotDecidedError",
    "NotFoundError",
    "OwnDecisionError",
    "PortInUseError",
    "PostDiffersError",
    "QueueFullError",
    "RateLimitedError",
    "ReasonNotAllowedError",
    "RequestError",
    "ReviewPolicyError",
    "StreamIdleError",
    "SwapInProgressError",
    "TooManyConnectionsError",
    "TooManyItemsError",
    "TooManyKeysError",
    "TooManyValuesError",
    "UnauthenticatedError",
    "UnknownFieldError",
    "UnsupportedAttributeError",
    "UnsupportedLanguageError",
    "UnsupportedMediaTypeError",
    "VersionMismatchError",
    "WebhookAddressError",
]
