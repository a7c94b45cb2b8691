from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self):
        from accounts.security import access_revocation, sessions
        from rooms.kernel import signals

        from . import reasons  # noqa: F401 (registers them)
        from .privacy import erasure, mails
        from .privacy.personal_data import collect_personal_data
        from .push import closing, devices
        from .web import mail_section, sections

        access_revocation.access_ended.connect(devices.access_ended)
        sessions.push_wanted.connect(devices.push_sessions)
        signals.notifications_ended.connect(closing.ended)
        signals.personal_data_wanted.connect(collect_personal_data)
        signals.notification_sections_wanted.connect(sections.render)
        signals.personal_data_wanted.connect(mails.collect_personal_data)
        signals.notification_sections_wanted.connect(mail_section.render)
        erasure.connect()
        mails.connect_erasure()
