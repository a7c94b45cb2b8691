"""`bin/test mutants`: whether the unit tests notice small changes of the code.

Poodle makes the changes. It is used as a library, because it takes no random sample and runs the same tests for every
change. Here the tests that mutation_targets.py names are run once, to record which lines each of them runs; and then,
for each change, those that run the changed line, the quickest first, in a copy of the project.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from . import suites
from .machine import CannotRun
from .mutation_recording import Recording
from .mutation_trials import Copy, copies
from .mutations import Mutant, all_mutants


def main(arguments: list[str]) -> int:
    asked = _arguments(arguments)
    found = [mutant for mutant in all_mutants() if str(mutant.file).startswith(tuple(asked.only))]
    sample = random.Random(asked.seed).sample(found, min(asked.sample, len(found)))  # noqa: S311 - no secret
    print(f"{len(sample)} of {len(found)} small changes, with --seed {asked.seed}", flush=True)
    results = Counter()
    try:
        for number, (mutant, result, why) in enumerate(_tried(sample), 1):
            results[result] += 1
            print(f"{number:4} {result:8} {mutant.file}:{mutant.line} {mutant.kind}{why}", flush=True)
    except CannotRun as error:
        print(error)
        return 1
    print(f"{len(sample)} small changes: {', '.join(f'{count} {result}' for result, count in sorted(results.items()))}")
    return 0


def _tried(sample: list[Mutant]) -> Iterator[tuple[Mutant, str, str]]:
    """Each with its result, and what to read beside it. As many at a time as there are cores."""
    with copies(max(1, min(suites.cores(), len(sample)))) as folders, ThreadPoolExecutor(len(folders)) as pool:
        recording = _recorded(folders[0], sample, len(folders))
        free = SimpleQueue()
        for folder in folders:
            free.put(folder)
        ordered = sorted(sample, key=lambda each: (each.file, each.line))
        try:
            yield from pool.map(lambda mutant: (mutant, *_result(free, recording, mutant)), ordered)
        finally:
            pool.shutdown(cancel_futures=True)


def _recorded(folder: Copy, sample: list[Mutant], processes: int) -> Recording:
    files = sorted({str(mutant.file) for mutant in sample})
    tests = sorted({test for mutant in sample for test in mutant.tests})
    recording = folder.record(files, tests, processes)
    if failed := recording.failed():
        print("These fail without a change, and are left out:", *failed, sep="\n  ", flush=True)
    return recording


def _result(free: "SimpleQueue[Copy]", recording: Recording, mutant: Mutant) -> tuple[str, str]:
    """The result, and what to read beside it: the test that noticed, or the change that none noticed."""
    chosen = recording.chosen(mutant)
    folder = free.get()
    try:
        result = folder.try_out(mutant, chosen.seconds) if chosen.seconds else "survived"
        noticed = f", by {folder.failed_test()}" if result == "caught" else ""
    finally:
        free.put(folder)
    unseen = "" if chosen.run_the_line else ": no test runs it"
    return result, f"{unseen}\n{mutant.diff()}" if result == "survived" else noticed


def _arguments(arguments: list[str]):
    parser = argparse.ArgumentParser(
        prog="bin/test mutants",
        description="Change the code at random places, one at a time, and run the unit tests that run it. A"
        " change that no test notices is printed: it needs a test, unless it means nothing.",
        epilog="example: bin/test mutants --sample 20 --only presence bot/queue",
    )
    parser.add_argument("--sample", type=int, default=100, metavar="N", help="how many changes (default: 100)")
    parser.add_argument(
        "--seed", type=int, default=random.randrange(10_000), metavar="N", help="of another run, to repeat it"
    )  # noqa: S311
    parser.add_argument(
        "--only", nargs="+", default=[""], metavar="PATH", help="folders or files (see testing/mutation_targets.py)"
    )
    return parser.parse_args(arguments)
