"""Resource limits of a child process that reads an uploaded file."""

import resource

MEMORY, SECONDS, OUTPUT = 1024 * 2**20, 20, 8 * 2**20  # bytes, of CPU time, bytes of one file


def limit_itself() -> None:
    """Set the limits. Call it before anything else."""
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, OUTPUT),
                        (resource.RLIMIT_CORE, 0)):  # fmt: skip
        resource.setrlimit(limit, (most, most))
