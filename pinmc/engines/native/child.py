"""Runs a compiled model and reads what it tells, line by line.

It is a process of its own: if it crashes or is killed, that is what the answer says.
"""

from __future__ import annotations

import enum
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from pathlib import Path
from typing import IO, Any

from pinmc.base.records import dataclass
from pinmc.engines.base import Limits, Progress
from pinmc.engines.judge import TraceLine


@dataclass(slots=True)
class Answer:
    """Everything that was told. ``stop`` is the number of the reason why the search stopped, 0 if
    it did not; ``later_stop`` the same after the search for stuck agents. ``ended``: the answer is
    whole. ``crash`` says what happened if it is not."""

    stop: int = 0
    states: int = 0
    transitions: int = 0
    depth: int = 0
    searched: bool = False
    marks: int = 0
    witnesses: frozenset[int] = frozenset()
    initial_errors: dict[int, int] = field(default_factory=dict)
    stuck_known: bool = False
    later_stop: int = 0
    traces: list[TraceLine] = field(default_factory=list)
    peak_memory: int = 0
    ended: bool = False
    crash: str = ""
    interrupted: bool = False

    @property
    def whole(self) -> bool:
        """Whether every state was explored."""
        return not self.crash and not self.stop


class Compact(enum.Enum):
    """When to keep of each state only what its place in the table does not tell."""

    NEVER = 0
    IF_NEEDED = 1
    ALWAYS = 2


@dataclass(frozen=True, slots=True)
class Request:
    """What the program is asked: limits (``seconds`` are those left), and how."""

    limits: Limits
    seconds: float | None
    first: bool
    workers: int
    compact: Compact = Compact.IF_NEEDED
    first_lines: int | None = None
    """How large the table is at first, in lines of about 64 bytes; None for the usual."""
    progress: Callable[[Progress], None] | None = None

    def arguments(self) -> Iterator[str]:
        for name, value in (
            ("states", self.limits.states),
            ("depth", self.limits.depth),
            ("memory", self.limits.memory),
            ("seconds", self.seconds),
        ):
            if value is not None:
                yield from (name, f"{value}")
        yield from ("first", str(int(self.first)), "workers", str(self.workers))
        yield from ("compact", str(self.compact.value))
        if self.first_lines is not None:
            yield from ("lines", str(self.first_lines))


def ask(
    program: Path,
    request: Request,
    began: Callable[[subprocess.Popen[str]], None] | None = None,
) -> Answer:
    """Run the program to its end. Ctrl-C is passed on: it then tells what it has found so far; a
    second one kills it. ``began`` is given the process."""
    answer = Answer()
    with _Interruption(answer) as interruption:
        process = subprocess.Popen(
            [str(program), *request.arguments()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="ascii",
            errors="replace",
        )
        with process:
            interruption.watch(process)
            if began is not None:
                began(process)
            try:
                _listen(process, answer, request)
            except BaseException:
                process.kill()
                raise
            said = process.stderr.read() if process.stderr is not None else ""
            code = process.wait()
    if code or not answer.ended:
        answer.crash = _how_it_ended(code, said)
    return answer


class _Interruption:
    """While it is entered, Ctrl-C is the program's to answer: an exception here could lose part of
    what it tells. Only the main thread gets signals."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._process: subprocess.Popen[str] | None = None
        self._before: Any = None

    def __enter__(self) -> _Interruption:
        main = threading.current_thread() is threading.main_thread()
        if main and signal.getsignal(signal.SIGINT) not in (signal.SIG_IGN, None):
            self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def watch(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        if self._answer.interrupted:
            process.send_signal(signal.SIGINT)

    def _interrupt(self, *_: object) -> None:
        again, self._answer.interrupted = self._answer.interrupted, True
        if self._process is None:
            return
        if again:
            self._process.kill()
        else:
            self._process.send_signal(signal.SIGINT)


def _listen(process: subprocess.Popen[str], answer: Answer, request: Request) -> None:
    assert process.stdout is not None
    for line in _lines(process.stdout):
        _take(line.split(), answer, request)


def _lines(stream: IO[str]) -> Iterable[str]:
    return iter(stream.readline, "")


def _take(words: list[str], answer: Answer, request: Request) -> None:
    match words:
        case ["progress", states, transitions, depth, frontier, seconds, memory]:
            if request.progress is not None:
                request.progress(
                    Progress(
                        int(states),
                        int(transitions),
                        int(depth),
                        int(frontier),
                        float(seconds),
                        int(memory),
                    )
                )
            elif answer.searched is False:
                answer.states, answer.transitions = int(states), int(transitions)
                answer.depth = int(depth)
        case ["search", stop, states, transitions, depth, _]:
            answer.stop, answer.searched = int(stop), True
            answer.states, answer.transitions = int(states), int(transitions)
            answer.depth = int(depth)
        case ["marks", *parts]:
            answer.marks = sum(int(part, 16) << 64 * n for n, part in enumerate(parts))
        case ["witnesses", *numbers]:
            answer.witnesses = frozenset(map(int, numbers))
        case ["initial", claim, position]:
            answer.initial_errors[int(claim)] = int(position)
        case ["stuck", known, stop]:
            answer.stuck_known, answer.later_stop = known == "1", int(stop)
        case ["lost", stop]:
            # What was found could not be searched for again to show it: nothing is certain then.
            answer.stop, answer.stuck_known = int(stop), False
        case ["trace", kind, number, initial, *rest]:
            answer.traces.append(_trace(kind, int(number), int(initial), rest))
        case ["end", _, memory]:
            answer.peak_memory, answer.ended = int(memory), True
        case _:
            raise ValueError(f"the native program said {' '.join(words)[:100]!r}")


def _trace(kind: str, number: int, initial: int, rest: list[str]) -> TraceLine:
    first = rest.index(":")
    second = rest.index(":", first + 1)
    return TraceLine(
        kind,
        number,
        initial,
        tuple(map(int, rest[:first])),
        tuple(int(word, 16) for word in rest[first + 1 : second]),
        int(rest[second + 1], 16),
    )


def _how_it_ended(code: int, said: str) -> str:
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = str(-code)
        more = "; was there enough memory?" if name == "SIGKILL" else ""
        return f"the native program was ended by signal {name}{more}"
    last = said.strip().splitlines()[-1:] or ["it gave no reason"]
    return f"the native program ended with code {code}: {last[0][:300]}"
