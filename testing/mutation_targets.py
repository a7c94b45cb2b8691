"""What `bin/test mutants` changes, and which unit tests have to notice. A module belongs to the first pattern."""

POSTING = [
    f"rooms/tests/test_{name}.py"
    for name in (
        "archiving", "blocks", "daily_limits", "files_sending", "message_index", "messages", "post_writer",
        "post_writer_locks",
        "posting", "posting_mentions", "posting_once", "room_locks", "write_errors",
    )
]  # fmt: skip
NOTIFICATIONS = [
    f"rooms/tests/test_{name}.py"
    for name in (
        "calls", "inbox_api", "inbox_calling", "levels", "notification_model", "notifications", "reading",
    )
] + ["notifications/tests/test_pushes.py"]  # fmt: skip
TESTS = {
    "common/*.py": ["common/tests/test_*.py"],
    "presence/*.py": ["presence/tests/test_*.py"],
    "files/*.py": [
        "files/tests/test_*.py",
        *(
            f"rooms/tests/test_{name}.py"
            for name in (
                "files_changes", "files_origin", "files_resumed", "files_s3", "files_scanned", "files_sending",
                "files_serving", "hostile_files", "late_previews", "room_files",
            )
        ),
    ],
    "bot/context/*.py": [
        f"bot/tests/test_{name}.py"
        for name in (
            "builtin", "canaries", "citations", "context", "context_catch_up", "context_threads", "context_window",
            "deleted", "digest",
            "feedback", "files", "fitting", "tool_rounds", "tools",
        )
    ],
    "bot/queue/*.py": [
        f"bot/tests/test_{name}.py"
        for name in (
            "answering", "asking_again", "commands", "deleted", "outside_locks", "policy", "quota", "quota_settling",
            "quota_without_redis", "receipts", "recovery", "rendered_blocks", "retry", "scheduling", "stopping",
            "triggers", "wake_listener",
        )
    ],
    "bot/answering/job_runner.py": [
        f"bot/tests/test_{name}.py" for name in ("answering", "recovery", "stopping", "streaming")
    ],
    "notifications/*.py": ["notifications/tests/test_*.py"],
    "notifications/mail/*.py": [
        f"notifications/tests/test_{name}.py" for name in ("mail_digests", "mail_rendering", "unsubscribe", "words")
    ],
    "notifications/push/*.py": [
        f"notifications/tests/test_{name}.py" for name in ("devices", "killed", "push_failures", "push_parts", "pushes")
    ],
    "jobs/*.py": ["jobs/tests/test_*.py"],
    "rooms/services/audiences.py": NOTIFICATIONS,
    "rooms/services/calls.py": NOTIFICATIONS,
    "rooms/services/inbox_changes.py": NOTIFICATIONS,
    "rooms/services/levels.py": NOTIFICATIONS,
    "rooms/services/notification*.py": NOTIFICATIONS,
    "rooms/services/posting.py": POSTING,
    "rooms/services/sql.py": POSTING,
    "rooms/services/membership.py": [
        f"rooms/tests/test_{name}.py"
        for name in (
            "archiving", "direct_messages", "directory", "invitation_links", "leaving", "lobby", "membership",
            "ownership", "rights", "room_kinds", "room_names", "room_locks", "visiting",
        )
    ],
    "rooms/realtime/channel_layer.py": [
        *(f"mysite/tests/test_{name}.py" for name in ("channel_layer", "channel_layer_outages", "channel_layer_parts")),
        "rooms/tests/test_foreign_publishers.py",
    ],
    "rooms/realtime/*.py": [
        f"rooms/tests/test_{name}.py"
        for name in (
            "authentication", "bot_status", "command_limits", "connection_limits", "crashes", "fanout", "hub",
            "offenders", "outbound", "page_socket", "page_socket_refusals", "periodic_tasks", "pinning", "post_writer",
            "post_writer_locks", "presence_drift", "presence_events", "recheck_after_connect", "render_queue",
            "reorder_buffer", "room_channel", "room_channel_events", "room_channel_replies", "room_commands",
            "room_kinds", "slow_readers", "socket", "socket_ends", "socket_opening", "streaming_replies",
            "token_scopes", "unread_notifier", "user_cache",
        )
    ],
    "rooms/realtime/websocket/*.py": [
        *(
            f"mysite/tests/test_{name}.py"
            for name in ("frame_limits", "inbound", "inbound_bursts", "uvicorn_protocol", "wild_frames")
        ),
        "rooms/tests/test_slow_readers.py",
    ],
}  # fmt: skip
