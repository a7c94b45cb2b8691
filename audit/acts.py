"""The catalogue of acts. The name of whoever did it stands before each sentence.

A sentence names `person` and `room` where the entry has them, and what else it needs as parameters.
"""

from django.utils.translation import gettext_lazy as _

from common.sentences import Sentence

ACTS = {
    "room.renamed": Sentence(_("renamed %(room)s")),
    "room.made_private": Sentence(_("made %(room)s private")),
    "room.made_public": Sentence(_("made %(room)s public")),
    "room.archived": Sentence(_("archived %(room)s")),
    "room.unarchived": Sentence(_("unarchived %(room)s")),
    "room.deleted": Sentence(_("deleted %(room)s")),
    "room.restored": Sentence(_("restored %(room)s")),
    "room.picture_changed": Sentence(_("changed the picture of %(room)s")),
    "room.inviters_changed": Sentence(_("changed who may invite people into %(room)s: %(who)s")),
    "room.callers_changed": Sentence(_("changed who may use @room in %(room)s: %(who)s")),
    "room.files_days_changed": Sentence(_("changed how long files are kept in %(room)s: %(days)s days (0: for good)")),
    "room.link_made": Sentence(_("made an invitation link to %(room)s (%(link)s)")),
    "room.link_revoked": Sentence(_("revoked an invitation link to %(room)s (%(link)s)")),
    "room.invitation_withdrawn": Sentence(_("withdrew the invitation of %(person)s to %(room)s")),
    "room.person_removed": Sentence(_("removed %(person)s from %(room)s")),
    "room.person_banned": Sentence(_("banned %(person)s from %(room)s")),
    "room.ban_changed": Sentence(_("changed the ban of %(person)s from %(room)s")),
    "room.ban_lifted": Sentence(_("unbanned %(person)s from %(room)s")),
    "room.moderator_appointed": Sentence(_("made %(person)s a moderator of %(room)s")),
    "room.moderator_dismissed": Sentence(_("made %(person)s a member of %(room)s again")),
    "room.owner_changed": Sentence(_("gave %(room)s to %(person)s, who owns it now")),
    "report.decided": Sentence(_("decided about report %(report)s on %(person)s (%(decision)s)")),
    "report.decided_in_room": Sentence(_("decided about report %(report)s on %(person)s in %(room)s (%(decision)s)")),
    "message.deleted": Sentence(_("deleted message %(message)s by %(person)s in %(room)s")),
    "room.messages_deleted": Sentence(
        _("deleted %(count)s messages by %(person)s in %(room)s, those of the last %(hours)s hours")
    ),
    "message.pinned": Sentence(_("pinned message %(message)s by %(person)s in %(room)s")),
    "message.unpinned": Sentence(_("unpinned message %(message)s by %(person)s in %(room)s")),
    "group.made": Sentence(_("made the group @%(group)s")),
    "group.described": Sentence(_("changed the description of the group @%(group)s")),
    "group.deleted": Sentence(_("deleted the group @%(group)s")),
    "group.person_added": Sentence(_("added %(person)s to the group @%(group)s")),
    "group.person_removed": Sentence(_("removed %(person)s from the group @%(group)s")),
    "emoji.added": Sentence(_("added the emoji :%(emoji)s:")),
    "emoji.deleted": Sentence(_("deleted the emoji :%(emoji)s:")),
    "account.password_changed": Sentence(_("changed the password of %(person)s")),
    "account.email_changed": Sentence(_("changed the email address of %(person)s")),
    "account.second_factor_added": Sentence(_("added a way to sign in to the account of %(person)s (%(kind)s)")),
    "account.second_factor_removed": Sentence(_("removed a way to sign in to the account of %(person)s (%(kind)s)")),
    "account.issuer_connected": Sentence(_("connected an account with %(issuer)s to the account of %(person)s")),
    "account.issuer_disconnected": Sentence(
        _("disconnected an account with %(issuer)s from the account of %(person)s")
    ),
    "account.codes_made": Sentence(_("made new recovery codes for %(person)s")),
    "account.token_made": Sentence(_("made a token for %(person)s (%(token)s)")),
    "account.token_replaced": Sentence(_("replaced the secret of a token of %(person)s (%(token)s)")),
    "account.token_revoked": Sentence(_("revoked a token of %(person)s (%(token)s)")),
    "account.deactivated": Sentence(_("deactivated the account of %(person)s")),
    "account.reactivated": Sentence(_("reactivated the account of %(person)s")),
    "account.signed_out": Sentence(_("signed %(person)s out everywhere")),
    "account.reset_link_made": Sentence(_("made a link with which %(person)s chooses a new password")),
    "account.role_changed": Sentence(_("changed the role of %(person)s on the server to %(role)s")),
    "server.invitation_made": Sentence(_("made an invitation to the server (%(invitation)s, as %(role)s)")),
    "server.invitation_revoked": Sentence(_("revoked an invitation to the server (%(invitation)s)")),
    "server.jobs_run_again": Sentence(_("ran failed jobs again (%(count)s)")),
    "server.job_removed": Sentence(_("removed a job that had failed (%(task)s)")),
    "server.mail_checked": Sentence(_("had the mail server checked")),
    "server.address_allowed": Sentence(_("let mails go again to an address that was refused")),
    "server.backup_begun": Sentence(_("began a backup")),
    "account.made": Sentence(_("made the account of %(person)s")),
    "account.changed": Sentence(_("changed the account of %(person)s (%(fields)s)")),
    "account.erased": Sentence(_("had the account of %(person)s erased")),
    "admin.added": Sentence(_("added an entry to a table: %(table)s, number %(row)s")),
    "admin.changed": Sentence(_("changed an entry of a table: %(table)s, number %(row)s (%(fields)s)")),
    "admin.deleted": Sentence(_("deleted an entry of a table: %(table)s, number %(row)s")),
    "admin.action": Sentence(_("ran an action on a table: %(table)s, %(action)s")),
    "log.expired": Sentence(_("removed entries that were too old, up to number %(position)s of the chain")),
}
