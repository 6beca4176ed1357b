"""What a running experiment shows: a live table on a terminal, plain lines anywhere else."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from harness.cli.show import budget_text
from harness.evaluation.program import Program
from harness.experiment import ExperimentConfig, Progress
from harness.records import RunFolder
from harness.variants import VARIANTS, Spend
from harness.variants.budget import spend_of
from harness.variants.observer import Activity, IterationFinished, IterationStarted, ModelCall, SilentObserver

_LAST_PROGRAMS = 6


def make_progress(config: ExperimentConfig, console: Console) -> ProgressDisplay:
    """The display that suits the console."""
    return LiveProgress(config, console) if console.is_terminal else LineProgress(config, console)


class _State(SilentObserver):
    """What both displays know."""

    def __init__(self, config: ExperimentConfig, console: Console) -> None:
        self.config = config
        self.console = console
        self.folder: RunFolder | None = None
        self.ready = 0
        self.lost: list[str] = []
        self.iteration = 0
        self.stages: dict[int, str] = {}
        self.programs: set[tuple[int, int, int]] = set()
        self.failed: set[tuple[int, int, int]] = set()
        self.best: Program | None = None
        self.booked = Spend()
        self.under_way: dict[int, Spend] = {}
        self.search_started: float | None = None
        self.last: list[Program] = []
        self.started = time.monotonic()

    def on_run(self, folder: RunFolder) -> None:
        self.folder = folder

    def on_server(self, name: str) -> None:
        self.ready += 1

    def on_server_lost(self, name: str, why: str) -> None:
        self.ready -= 1
        self.lost = [*self.lost, f"server {name} lost: {why}"]

    def on_iteration_started(self, event: IterationStarted) -> None:
        self.iteration, self.stages, self.booked = event.iteration, {}, event.spend
        self.search_started = self.search_started or time.monotonic() - event.spend.wall_s

    def on_model_call(self, event: ModelCall) -> None:
        self._add(event.iteration, spend_of(event.reply))

    def on_activity(self, event: Activity) -> None:
        self.stages[event.sample] = event.stage

    def on_program(self, program: Program, *, replayed: bool) -> None:
        if program.parent_id is None:
            return
        self._add(program.iteration, Spend(ticks=program.played_ticks))
        # As in the summary: the chunks of a reply are one program, which failed if any of them did.
        key = (program.iteration, program.sample, program.depth - program.chunk_index)
        self.programs.add(key)
        if program.failed:
            self.failed.add(key)
        if not program.failed and (self.best is None or program.value > self.best.value):
            self.best = program
        self.last = [*self.last, program][-_LAST_PROGRAMS:]

    def on_iteration_finished(self, event: IterationFinished) -> None:
        self.iteration, self.booked = event.iteration + 1, event.spend
        self.under_way.pop(event.iteration, None)

    def _add(self, iteration: int, spend: Spend) -> None:
        self.under_way[iteration] = self.under_way.get(iteration, Spend()) + spend

    @property
    def spend(self) -> Spend:
        """What was spent so far: booked with the iterations that are done, and seen of those under way."""
        return sum(self.under_way.values(), self.booked)

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self.started

    @property
    def num_iterations(self) -> int:
        """How many there will be; a variant that asks for one sample after the other has one for each."""
        asked = self.config.search
        one_by_one = VARIANTS[self.config.variant].ONE_BY_ONE
        return asked.iterations * (asked.samples_per_iteration if one_by_one else 1)

    def time_left(self) -> str:
        """From the pace so far, to the last iteration or to the end of the budget that is nearest to its own."""
        if not self.iteration:
            return "?"
        done = self.iteration / self.num_iterations
        limits = self.config.budget.model_dump()
        shares = [spent / limits[name] for name, spent in self._spent().items() if limits[name]]
        share = min(max(done, *shares, 0.0), 1.0)
        return f"{self.elapsed_s / share * (1 - share):.0f} s"

    def budget_line(self) -> str:
        """What was spent, with the limit behind it where there is one."""
        limits = self.config.budget.model_dump()
        spent = {name: amount for name, amount in self._spent().items() if name != "wall_s" or limits[name] is not None}
        return budget_text({name: {"spent": amount, "limit": limits[name]} for name, amount in spent.items()})

    def _spent(self) -> dict[str, float]:
        searched_s = 0.0 if self.search_started is None else time.monotonic() - self.search_started
        spend = self.spend
        amounts = {"samples": spend.samples, "ticks": spend.ticks, "tokens": spend.tokens, "usd": spend.usd}
        return {**amounts, "wall_s": searched_s}


class LineProgress(_State, AbstractContextManager["LineProgress"]):
    """One line an event, for logs and pipes."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to clean up."""

    def on_run(self, folder: RunFolder) -> None:
        """Says where the run is written."""
        super().on_run(folder)
        config = self.config
        self._say(f"{config.name}: {config.variant}, {config.model}, seed {config.seed} -> {folder.root}")

    def on_server(self, name: str) -> None:
        """Says that a server is ready."""
        super().on_server(name)
        self._say(f"server {name} ready ({self.ready}/{self.config.servers.slots + 1})")

    def on_server_lost(self, name: str, why: str) -> None:
        """Says that a server broke, and how."""
        super().on_server_lost(name, why)
        self._say(self.lost[-1])

    def on_iteration_finished(self, event: IterationFinished) -> None:
        """Says how far the search is."""
        super().on_iteration_finished(event)
        best = "none yet" if event.best_value is None else f"{event.best_value:.1f}"
        self._say(
            f"iteration {self.iteration}/{self.num_iterations}: best value {best}, "
            f"{len(self.programs)} programs, {len(self.failed)} failed, {self.budget_line()}, "
            f"{self.elapsed_s:.0f} s, about {self.time_left()} left"
        )

    def _say(self, line: str) -> None:
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)


class LiveProgress(_State, AbstractContextManager["LiveProgress"]):
    """A table that is drawn anew a few times a second."""

    def __init__(self, config: ExperimentConfig, console: Console) -> None:
        super().__init__(config, console)
        self._live = Live(console=console, refresh_per_second=4, get_renderable=self._render)

    def __enter__(self) -> Self:
        """Starts drawing."""
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Draws the last state and leaves it on the screen."""
        self._live.stop()

    def _render(self) -> RenderableType:
        config = self.config
        facts = Table.grid(padding=(0, 2))
        facts.add_row("run", f"{self.folder.root if self.folder else config.name}")
        facts.add_row("search", f"{config.variant} with {config.model}, seed {config.seed}")
        facts.add_row("servers", self._servers())
        facts.add_row("best value", f"[bold]{self.best.value:.1f}[/bold]" if self.best else "none yet")
        facts.add_row("programs", f"{len(self.programs)}, {len(self.failed)} failed")
        facts.add_row("spent", self.budget_line())
        facts.add_row("time", f"{self.elapsed_s:.0f} s, about {self.time_left()} left")
        done, total = self.iteration, self.num_iterations
        bar = Table.grid(padding=(0, 1))
        bar.add_row(ProgressBar(total=total, completed=done, width=40), f"iteration {done}/{total}")
        return Group(facts, bar, *self._last_lines())

    def _servers(self) -> str:
        total = self.config.servers.slots + 1
        if not self.stages and self.ready < total:
            return f"starting, {self.ready}/{total} ready"
        counts = Counter(self.stages.values())
        stages = ", ".join(f"{counts[stage]} {stage}" for stage in ("asking", "evaluating", "done") if counts[stage])
        return f"{total - 1} slots and the holdout; samples: {stages or 'none'}{self._lost()}"

    def _lost(self) -> str:
        return f"; {len(self.lost)} replaced, the last: {self.lost[-1]}" if self.lost else ""

    def _last_lines(self) -> list[Text]:
        return [
            Text(
                f"  {each.id[:8]}  {each.status:<9} {each.value:>10.1f}  {_first_line(each)}",
                no_wrap=True,
                overflow="ellipsis",
            )
            for each in self.last
        ]


def _first_line(program: Program) -> str:
    lines = (line.strip("\"' ") for line in (program.error or program.code).splitlines())
    return next(filter(None, lines), program.status)


ProgressDisplay = LineProgress | LiveProgress


def _conforms(display: ProgressDisplay) -> Progress:
    """Lets the type checker see that the displays satisfy `Progress`."""
    return display
