"""What the job workers do regularly: each app has the work, this says how often."""

from collections.abc import Mapping
from datetime import timedelta

from django_tasks.base import Task

from accounts.mail.sending import tidy_mail
from rooms.services.file_retention import remove_old_files
from rooms.services.file_upkeep import keep_files_tidy
from rooms.services.file_words import index_others

HOUR = timedelta(hours=1)
PLAN: Mapping[Task, timedelta] = {keep_files_tidy: HOUR, remove_old_files: HOUR, index_others: HOUR, tidy_mail: HOUR}
