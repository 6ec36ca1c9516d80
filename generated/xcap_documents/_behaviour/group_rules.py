"""What the rules of a group say: the conditions and actions of OMA's list-service and XDM extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .elements import Allowance, MediaListContent, ServiceListContent
from .enum_texts import MediaHandlingText
from .permissions import Choice, Permission, Presence

if TYPE_CHECKING:
    from xcap_documents.xdm_extensions import MediaHandling


class MediaHandlingChoice(Choice["MediaHandling", MediaHandlingText]):
    """Takes a `MediaHandling`, or its text."""

    _values = "MediaHandling"


class GroupRuleBehaviour:
    """Mixed into Rule, as everything else that a rule can say; what a rule does not say, it does not allow."""

    __slots__ = ()

    # Conditions.

    is_list_member: Presence = Presence("conditions", "poc_list_service", "IsListMember")
    """Whether the rule is for the members of the group (OMA)."""
    media_list: MediaListContent = MediaListContent("conditions", "xdm_extensions", "MediaList")
    """The media that the rule is for; takes a `MediaList`, or None for any (OMA XDM 2.0)."""
    service_list: ServiceListContent = ServiceListContent("conditions", "xdm_extensions", "ServiceList")
    """The services that the rule is for; takes a `ServiceList`, or None for any (OMA XDM 2.0)."""

    # Actions of the list-service.

    join_handling: Permission = Permission("actions", "poc_list_service", "JoinHandling")
    """Whether one may join a session of the group."""
    allow_initiate_conference: Permission = Permission("actions", "poc_list_service", "AllowInitiateConference")
    """Whether one may start a session of the group."""
    allow_conference_state: Permission = Permission("actions", "poc_list_service", "AllowConferenceState")
    """Whether one may subscribe to who is taking part."""
    allow_invite_users_dynamically: Permission = Permission(
        "actions", "poc_list_service", "AllowInviteUsersDynamically"
    )
    """Whether one may invite others to a session that is going on."""
    allow_anonymity: Permission = Permission("actions", "poc_list_service", "AllowAnonymity")
    """Whether one may take part without saying who one is."""
    is_key_participant: Permission = Permission("actions", "poc_list_service", "IsKeyParticipant")
    """Whether one is a distinguished participant, to whom all others talk."""

    # Actions that OMA XDM 2.0 adds.

    allow_media_handling: Permission = Permission("actions", "xdm_extensions", "AllowMediaHandling")
    """Whether one may add and remove the media of a session."""
    allow_auto_answermode: Permission = Permission("actions", "xdm_extensions", "AllowAutoAnswermode")
    """Whether a session may start without the invited one accepting."""
    allow_manual_answer_override: Permission = Permission("actions", "xdm_extensions", "AllowManualAnswerOverride")
    """Whether one may override that the invited one answers by hand."""
    allow_expelling: Permission = Permission("actions", "xdm_extensions", "AllowExpelling")
    """Whether one may expel others from a session."""
    block_group_advertisement_sending: Permission = Permission(
        "actions", "xdm_extensions", "BlockGroupAdvertisementSending"
    )
    """Whether one is kept from sending group advertisements."""
    allow_offline_storage: Allowance = Allowance("actions", "xdm_extensions", "AllowOfflineStorage")
    """Whether what is sent may be stored while one is not there."""
    allow_private_message: Permission = Permission("actions", "xdm_extensions", "AllowPrivateMessage")
    """Whether one may send private messages in a session."""
    allow_reject_invite: Permission = Permission("actions", "xdm_extensions", "AllowRejectInvite")
    """Whether invitations of this requester are rejected."""
    allow_subconf: Permission = Permission("actions", "xdm_extensions", "AllowSubconf")
    """Whether one may open a session of some participants beside the session."""
    remove_media_handling: MediaHandlingChoice = MediaHandlingChoice("actions", "xdm_extensions", "RemoveMediaHandling")
    """Whose media one may remove from a session; takes a `MediaHandling` or its text, such as "own"."""
