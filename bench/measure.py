"""What a server's processes use, and where numbers lie."""

from collections.abc import Iterable, Sequence

import psutil


class Usage:
    """CPU and memory of some processes."""

    def __init__(self, pids: Iterable[int]):
        self._processes = [psutil.Process(pid) for pid in pids]
        self._began = 0.0

    def start(self) -> None:
        self._began = self._cpu()

    def stop(self) -> float:
        """CPU seconds, in user and kernel mode, since `start`."""
        return self._cpu() - self._began

    def kilobytes(self) -> float:
        """Resident memory."""
        return sum(process.memory_info().rss for process in self._processes) / 1024

    def _cpu(self) -> float:
        return sum(times.user + times.system for times in (process.cpu_times() for process in self._processes))


def quantile(values: Sequence[float], q: float) -> float:
    """The value below which the part `q` lies; not a number when there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * q))] if ordered else float("nan")


def median(values: Sequence[float]) -> float:
    return quantile(values, 0.5)
