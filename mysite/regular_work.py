"""What the job workers do regularly: each app has the work, this says how often, or how to see that there is some."""

from datetime import timedelta

from django.conf import settings

from accounts.mail.sending import tidy_mail
from accounts.mail.token_expiry import tell_of_expiring_tokens
from accounts.security.second_factor_upkeep import settle_all
from audit.upkeep import keep_audit_log
from backups.regular import back_up
from jobs.schedule import Plan, Watched
from notifications import due
from notifications.mail import taking
from notifications.mail.digests import tidy_digests
from notifications.push import sending
from notifications.push.upkeep import remove_old_pushes
from rooms.privacy import erasure
from rooms.services.bans import end_bans
from rooms.services.file_retention import remove_old_files
from rooms.services.file_upkeep import keep_files_tidy
from rooms.services.file_words import index_others
from rooms.services.report_upkeep import remove_old_reports
from staff.history import take_sample

from .tidying import clean_up, continue_erasures, purge_deleted_text

HOUR = timedelta(hours=1)
PLAN: Plan = {
    keep_files_tidy: HOUR,
    remove_old_files: HOUR,
    index_others: HOUR,
    tidy_mail: HOUR,
    remove_old_pushes: HOUR,
    tidy_digests: HOUR,
    keep_audit_log: HOUR,
    take_sample: timedelta(minutes=20),  # of each hour, soon after its end
    end_bans: timedelta(minutes=1),
    remove_old_reports: HOUR,
    purge_deleted_text: timedelta(minutes=10),
    settle_all: timedelta(minutes=10),
    tell_of_expiring_tokens: 6 * HOUR,
    clean_up: timedelta(days=1),
    **({back_up: settings.BACKUP_EVERY * HOUR} if settings.BACKUP_EVERY else {}),
}
WATCHED: Watched = {
    due.take_due: due.is_any_due,
    sending.send_waiting: sending.is_any_due,
    taking.take_due_mails: taking.is_any_mail_due,
    continue_erasures: erasure.is_any_due,
}
