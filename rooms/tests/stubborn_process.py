"""Stands in for rooms.text.render_process, and does with some texts what no process should."""

import os
import signal
import sys

from rooms.text import render_process

real = render_process.render


def render(text, highlight):
    if "for ever" in text:  # as in C code that no signal interrupts
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF})
        while True:
            pass
    if "stopped" in text:
        os.kill(os.getpid(), signal.SIGSTOP)
    if "killed" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "greedy" in text:
        return [bytearray(2**20) for _ in range(2**20)]
    if "broken" in text:
        raise IndexError(text)
    return real(text, highlight)


if __name__ == "__main__":
    render_process.render = render
    render_process.main(float(sys.argv[1]))
