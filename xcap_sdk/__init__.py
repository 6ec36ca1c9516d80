"""XCAP (RFC 4825) with typed documents: edit buddy lists, presence rules and icons as Python objects.

    from xcap_sdk import XcapClient

    with XcapClient("https://xcap.example.org", user="sip:alice@example.org", auth=("alice", "pw")) as xcap:
        with xcap.resource_lists.edit() as book:
            book.lists.ensure("friends").entries.add("sip:bob@example.org", display_name="Bob")

All public names are here and in `xcap_documents`, the classes of documents. They are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xcap_sdk.lazy import lazily

if TYPE_CHECKING:
    from xcap_sdk.auth import BearerAuth, GbaAuth, GbaKey
    from xcap_sdk.client import AsyncXcapClient, AsyncXcapTree, XcapClient, XcapTree
    from xcap_sdk.document import (
        AsyncDocument,
        AsyncEdit,
        AsyncReadOnlyDocument,
        Document,
        Edit,
        ReadOnlyDocument,
    )
    from xcap_sdk.documents.binding import parse, serialize
    from xcap_sdk.documents.diffs import parse_diff
    from xcap_sdk.documents.limits import Limits
    from xcap_sdk.documents.patching import apply_patch
    from xcap_sdk.editing.plan import Operation, Plan
    from xcap_sdk.errors import (
        AlreadyExists,
        AttributeValueNotWellFormed,
        BadRequest,
        CannotDelete,
        CannotInsert,
        Clash,
        ClientClosed,
        Conflict,
        Conflicted,
        ConnectionFailed,
        ConnectionLost,
        ConnectionsBusy,
        ConstraintFailure,
        ContentTooLarge,
        DeadlineExceeded,
        DiffConflict,
        DocumentError,
        DocumentNotWellFormed,
        ExtensionFailure,
        Forbidden,
        ForbiddenXml,
        FragmentNotWellFormed,
        HarmfulRequest,
        HeadTooLarge,
        InvalidAddress,
        InvalidDocument,
        InvalidInput,
        InvalidMerge,
        InvalidRoot,
        InvalidSelector,
        LimitExceeded,
        MergeConflict,
        MethodNotAllowed,
        Misdirected,
        MissingETag,
        NoParent,
        NotFound,
        NotUtf8,
        NotWellFormed,
        PartlySaved,
        PatchError,
        PreconditionFailed,
        Problem,
        Redirected,
        ReplyError,
        RequestTimeout,
        SchemaValidationFailure,
        ServerDown,
        ServerError,
        TimedOut,
        TooEarly,
        TooManyRequests,
        TransportError,
        Unauthorized,
        UnexpectedDocument,
        UnexpectedReply,
        UniquenessFailure,
        UnsupportedMediaType,
        WrongResult,
        XcapError,
    )
    from xcap_sdk.flows.applying import ApplyReport
    from xcap_sdk.flows.outcomes import SaveReport
    from xcap_sdk.flows.relinking import PlannedDocument
    from xcap_sdk.json_form import from_json, json_places, json_schema, to_json
    from xcap_sdk.profiles import load_profile, save_profile
    from xcap_sdk.protocol.addresses import (
        Address,
        AttributeAddress,
        DocumentAddress,
        ElementAddress,
        NamespacesAddress,
    )
    from xcap_sdk.protocol.conditions import Condition, Match, MustNotExist, Unconditional
    from xcap_sdk.protocol.diffs import (
        AttributeReport,
        ChangeKind,
        DocumentChange,
        ElementReport,
        PatchAdd,
        PatchCondition,
        PatchOperation,
        PatchRemove,
        PatchReplace,
        XcapDiff,
    )
    from xcap_sdk.protocol.faults import Exists, Fault, FaultKind
    from xcap_sdk.protocol.messages import Request, Response
    from xcap_sdk.protocol.profiles import Ability, Danger, ServerProfile
    from xcap_sdk.protocol.reply import Reply
    from xcap_sdk.protocol.roots import XcapRoot
    from xcap_sdk.protocol.selectors import NodeSelector
    from xcap_sdk.protocol.uris import canonical_uri
    from xcap_sdk.repository import (
        AsyncCapabilitiesRepository,
        AsyncDirectoryRepository,
        AsyncListPlan,
        AsyncReadOnlyRepository,
        AsyncRepository,
        AsyncResourceListsRepository,
        AsyncRlsServicesRepository,
        AsyncStatusIconRepository,
        CapabilitiesRepository,
        DirectoryRepository,
        ListPlan,
        ReadOnlyRepository,
        Repository,
        ResourceListsRepository,
        RlsServicesRepository,
        StatusIconRepository,
    )
    from xcap_sdk.transport import Network
    from xcap_sdk.usages import (
        ENTITY_IS_OWNER,
        GEOLOCATION_POLICY,
        GROUP_USAGE_LIST,
        GROUPS,
        LOCKED_USER_PROFILE,
        OMA_PRES_RULES,
        PRES_RULES,
        PRESENCE,
        RESOURCE_LISTS,
        RLS_SERVICES,
        SIMSERVS,
        STATUS_ICON,
        USER_PROFILE,
        XCAP_CAPS,
        XCAP_DIRECTORY,
        ApplicationUsage,
        Check,
        PlacedCheck,
        Unique,
    )
    from xcap_sdk.usages.flat_lists import FlatEntry, FlatList, ReferenceProblem
    from xcap_sdk.usages.flattening import flatten
    from xcap_sdk.usages.list_nodes import address_of
    from xcap_sdk.usages.list_references import (
        anchor_to,
        entry_address,
        list_address,
        parse_anchor,
        parse_reference,
        reference_to,
    )
    from xcap_sdk.usages.policy import Permissions, PresencePolicy, WellKnownRule, policy_of, rcs_rules
    from xcap_sdk.usages.relinking import PlannedReference
    from xcap_sdk.usages.reserved_lists import ReservedList
    from xcap_sdk.usages.validation import validate
    from xcap_sdk.usages.xcap_directory import DirectoryListing, ListedDocument, UnlistedFolder

_HOMES = {
    "xcap_sdk.auth": "BearerAuth GbaAuth GbaKey",
    "xcap_sdk.transport": "Network",
    "xcap_sdk.client": "AsyncXcapClient AsyncXcapTree XcapClient XcapTree",
    "xcap_sdk.document": "AsyncDocument AsyncEdit AsyncReadOnlyDocument Document Edit ReadOnlyDocument",
    "xcap_sdk.documents.binding": "parse serialize",
    "xcap_sdk.documents.diffs": "parse_diff",
    "xcap_sdk.documents.limits": "Limits",
    "xcap_sdk.documents.patching": "apply_patch",
    "xcap_sdk.editing.plan": "Operation Plan",
    "xcap_sdk.errors": """
        AlreadyExists AttributeValueNotWellFormed BadRequest CannotDelete CannotInsert Clash
        ClientClosed Conflict Conflicted ConnectionFailed ConnectionLost ConnectionsBusy
        ConstraintFailure ContentTooLarge DeadlineExceeded DiffConflict DocumentError
        DocumentNotWellFormed ExtensionFailure Forbidden
        ForbiddenXml FragmentNotWellFormed HarmfulRequest HeadTooLarge InvalidAddress InvalidDocument
        InvalidInput InvalidMerge InvalidRoot InvalidSelector LimitExceeded MergeConflict MethodNotAllowed
        Misdirected MissingETag NoParent NotFound NotUtf8 NotWellFormed PartlySaved PatchError
        PreconditionFailed Problem Redirected ReplyError RequestTimeout SchemaValidationFailure ServerDown
        ServerError TimedOut TooEarly TooManyRequests TransportError Unauthorized UnexpectedDocument
        UnexpectedReply UniquenessFailure UnsupportedMediaType WrongResult XcapError
    """,
    "xcap_sdk.flows.applying": "ApplyReport",
    "xcap_sdk.flows.outcomes": "SaveReport",
    "xcap_sdk.json_form": "from_json json_places json_schema to_json",
    "xcap_sdk.profiles": "load_profile save_profile",
    "xcap_sdk.flows.relinking": "PlannedDocument",
    "xcap_sdk.protocol.addresses": """
        Address AttributeAddress DocumentAddress ElementAddress NamespacesAddress
    """,
    "xcap_sdk.protocol.conditions": "Condition Match MustNotExist Unconditional",
    "xcap_sdk.protocol.diffs": """
        AttributeReport ChangeKind DocumentChange ElementReport PatchAdd PatchCondition PatchOperation
        PatchRemove PatchReplace XcapDiff
    """,
    "xcap_sdk.protocol.faults": "Exists Fault FaultKind",
    "xcap_sdk.protocol.messages": "Request Response",
    "xcap_sdk.protocol.profiles": "Ability Danger ServerProfile",
    "xcap_sdk.protocol.reply": "Reply",
    "xcap_sdk.protocol.roots": "XcapRoot",
    "xcap_sdk.protocol.selectors": "NodeSelector",
    "xcap_sdk.protocol.uris": "canonical_uri",
    "xcap_sdk.repository": """
        AsyncCapabilitiesRepository AsyncDirectoryRepository AsyncListPlan AsyncReadOnlyRepository
        AsyncRepository AsyncResourceListsRepository AsyncRlsServicesRepository
        AsyncStatusIconRepository CapabilitiesRepository DirectoryRepository ListPlan
        ReadOnlyRepository Repository ResourceListsRepository RlsServicesRepository
        StatusIconRepository
    """,
    "xcap_sdk.usages": """
        ApplicationUsage Check ENTITY_IS_OWNER GEOLOCATION_POLICY GROUPS GROUP_USAGE_LIST
        LOCKED_USER_PROFILE OMA_PRES_RULES PRESENCE PRES_RULES PlacedCheck RESOURCE_LISTS
        RLS_SERVICES SIMSERVS STATUS_ICON USER_PROFILE Unique XCAP_CAPS XCAP_DIRECTORY
    """,
    "xcap_sdk.usages.policy": "Permissions PresencePolicy WellKnownRule policy_of rcs_rules",
    "xcap_sdk.usages.flat_lists": "FlatEntry FlatList ReferenceProblem",
    "xcap_sdk.usages.flattening": "flatten",
    "xcap_sdk.usages.list_nodes": "address_of",
    "xcap_sdk.usages.list_references": """
        anchor_to entry_address list_address parse_anchor parse_reference reference_to
    """,
    "xcap_sdk.usages.relinking": "PlannedReference",
    "xcap_sdk.usages.reserved_lists": "ReservedList",
    "xcap_sdk.usages.validation": "validate",
    "xcap_sdk.usages.xcap_directory": "DirectoryListing ListedDocument UnlistedFolder",
}

__all__ = [
    "ENTITY_IS_OWNER",
    "GEOLOCATION_POLICY",
    "GROUPS",
    "GROUP_USAGE_LIST",
    "LOCKED_USER_PROFILE",
    "OMA_PRES_RULES",
    "PRESENCE",
    "PRES_RULES",
    "RESOURCE_LISTS",
    "RLS_SERVICES",
    "SIMSERVS",
    "STATUS_ICON",
    "USER_PROFILE",
    "XCAP_CAPS",
    "XCAP_DIRECTORY",
    "Ability",
    "Address",
    "AlreadyExists",
    "ApplicationUsage",
    "ApplyReport",
    "AsyncCapabilitiesRepository",
    "AsyncDirectoryRepository",
    "AsyncDocument",
    "AsyncEdit",
    "AsyncListPlan",
    "AsyncReadOnlyDocument",
    "AsyncReadOnlyRepository",
    "AsyncRepository",
    "AsyncResourceListsRepository",
    "AsyncRlsServicesRepository",
    "AsyncStatusIconRepository",
    "AsyncXcapClient",
    "AsyncXcapTree",
    "AttributeAddress",
    "AttributeReport",
    "AttributeValueNotWellFormed",
    "BadRequest",
    "BearerAuth",
    "CannotDelete",
    "CannotInsert",
    "CapabilitiesRepository",
    "ChangeKind",
    "Check",
    "Clash",
    "ClientClosed",
    "Condition",
    "Conflict",
    "Conflicted",
    "ConnectionFailed",
    "ConnectionLost",
    "ConnectionsBusy",
    "ConstraintFailure",
    "ContentTooLarge",
    "Danger",
    "DeadlineExceeded",
    "DiffConflict",
    "DirectoryListing",
    "DirectoryRepository",
    "Document",
    "DocumentAddress",
    "DocumentChange",
    "DocumentError",
    "DocumentNotWellFormed",
    "Edit",
    "ElementAddress",
    "ElementReport",
    "Exists",
    "ExtensionFailure",
    "Fault",
    "FaultKind",
    "FlatEntry",
    "FlatList",
    "Forbidden",
    "ForbiddenXml",
    "FragmentNotWellFormed",
    "GbaAuth",
    "GbaKey",
    "HarmfulRequest",
    "HeadTooLarge",
    "InvalidAddress",
    "InvalidDocument",
    "InvalidInput",
    "InvalidMerge",
    "InvalidRoot",
    "InvalidSelector",
    "LimitExceeded",
    "Limits",
    "ListPlan",
    "ListedDocument",
    "Match",
    "MergeConflict",
    "MethodNotAllowed",
    "Misdirected",
    "MissingETag",
    "MustNotExist",
    "NamespacesAddress",
    "Network",
    "NoParent",
    "NodeSelector",
    "NotFound",
    "NotUtf8",
    "NotWellFormed",
    "Operation",
    "PartlySaved",
    "PatchAdd",
    "PatchCondition",
    "PatchError",
    "PatchOperation",
    "PatchRemove",
    "PatchReplace",
    "Permissions",
    "PlacedCheck",
    "Plan",
    "PlannedDocument",
    "PlannedReference",
    "PreconditionFailed",
    "PresencePolicy",
    "Problem",
    "ReadOnlyDocument",
    "ReadOnlyRepository",
    "Redirected",
    "ReferenceProblem",
    "Reply",
    "ReplyError",
    "Repository",
    "Request",
    "RequestTimeout",
    "ReservedList",
    "ResourceListsRepository",
    "Response",
    "RlsServicesRepository",
    "SaveReport",
    "SchemaValidationFailure",
    "ServerDown",
    "ServerError",
    "ServerProfile",
    "StatusIconRepository",
    "TimedOut",
    "TooEarly",
    "TooManyRequests",
    "TransportError",
    "Unauthorized",
    "Unconditional",
    "UnexpectedDocument",
    "UnexpectedReply",
    "Unique",
    "UniquenessFailure",
    "UnlistedFolder",
    "UnsupportedMediaType",
    "WellKnownRule",
    "WrongResult",
    "XcapClient",
    "XcapDiff",
    "XcapError",
    "XcapRoot",
    "XcapTree",
    "address_of",
    "anchor_to",
    "apply_patch",
    "canonical_uri",
    "entry_address",
    "flatten",
    "from_json",
    "json_places",
    "json_schema",
    "list_address",
    "load_profile",
    "parse",
    "parse_anchor",
    "parse_diff",
    "parse_reference",
    "policy_of",
    "rcs_rules",
    "reference_to",
    "save_profile",
    "serialize",
    "to_json",
    "validate",
]


if not TYPE_CHECKING:  # what is not above is not there
    __getattr__ = lazily(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
