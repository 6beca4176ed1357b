"""`harness`: run experiments, take them up again, look at what came out.

Exit codes: 0 done, 1 something was not as expected (one line says what), 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import logging
import signal
import sys
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Annotated

import anyio
import typer
from rich.console import Console

import harness
from harness.cli import compare as comparing
from harness.cli.pool import pool
from harness.cli.progress import make_progress
from harness.cli.show import print_run, print_runs, print_tasks
from harness.cli.tables import Wanted
from harness.cli.tables import show as show_tables
from harness.core.errors import HarnessError
from harness.core.text import CHARS_PER_TOKEN, estimate_tokens
from harness.experiment import RunOutcome, list_experiments, load_experiment, resume_run, start_run
from harness.experiment.compare import find_comparison, new_comparison
from harness.experiment.comparison import load_comparison
from harness.experiment.resume import changed_keys, choose_run
from harness.records import find_run, list_results
from harness.tasks import readable_tasks

app = typer.Typer(
    name="harness",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Program synthesis in Factorio by Monte Carlo tree search with language models.\n\n"
    "Experiments are YAML files in experiments/; every run gets a folder of its own in results/. "
    "Without a key or the game, `harness run chunked_01` plays the embedded server with a scripted model.",
)

app.add_typer(pool)

Experiments = Annotated[Path, typer.Option("--experiments", help="Folder of the experiments' YAML files.")]
Results = Annotated[Path, typer.Option("--results", help="Folder that result folders are made in.")]

_EXPERIMENTS = Path("experiments")
_RESULTS = Path("results")
_TASKS = Path("tasks")
_CHECKS = Path("tests/data/fidelity.yaml")


@app.command()
def run(
    experiment: Annotated[str, typer.Argument(help="Name of a file in the experiments folder, such as chunked_01.")],
    seed: Annotated[int | None, typer.Option(help="Seed of the run, instead of the file's.")] = None,
    override: Annotated[
        list[str] | None,
        typer.Option(
            "--override", "-o", metavar="KEY=VALUE", help="Another key, such as budget.samples=20; repeatable."
        ),
    ] = None,
    experiments: Experiments = _EXPERIMENTS,
    results: Results = _RESULTS,
) -> None:
    """Run an experiment from its start, into a new result folder."""
    config = load_experiment(experiments, experiment, seed=seed, overrides=override or ())
    console = Console()
    with make_progress(config, console) as progress:
        outcome = anyio.run(start_run, config, results, progress)
    _finish(outcome, console)


@app.command()
def resume(
    name: Annotated[
        str,
        typer.Argument(help="EXPERIMENT or EXPERIMENT/vNNN; without a version, its latest run that did not finish."),
    ],
    iterations: Annotated[
        int | None, typer.Option(help="Let the run go on to so many iterations; a finished one too.")
    ] = None,
    experiments: Experiments = _EXPERIMENTS,
    results: Results = _RESULTS,
) -> None:
    """Take up a run that was interrupted; nothing that was recorded is paid for or run again."""
    folder = choose_run(results, name, extend=iterations is not None)
    console = Console()
    config, start = resume_run(folder, iterations=iterations)
    changed = set(changed_keys(config, experiments, folder.experiment)) - {"search.iterations" if iterations else ""}
    if changed:
        source = experiments / f"{folder.experiment}.yaml"
        typer.echo(
            f"{source} was changed since the run began ({', '.join(sorted(changed))}); "
            f"the run goes on as recorded in {folder.config}",
            err=True,
        )
    with make_progress(config, console) as progress:
        outcome = anyio.run(start, progress)
    _finish(outcome, console)


@app.command()
def show(
    name: Annotated[
        str,
        typer.Argument(
            help="EXPERIMENT or EXPERIMENT/vNNN; without a version, its latest run. A run of a comparison: "
            "NAME/vNNN/runs/METHOD/TASK/seed-NNN."
        ),
    ],
    results: Results = _RESULTS,
    code: Annotated[bool, typer.Option(help="Print the programs on the path to the best one.")] = True,
) -> None:
    """Show a run: its numbers, the best programs and how the tree led to them."""
    print_run(find_run(results, name), Console(), code=code)


@app.command()
def compare(
    name: Annotated[str, typer.Argument(help="Name of a comparison in the experiments folder, such as compare_01.")],
    go_on: Annotated[bool, typer.Option("--resume", help="Take up NAME or NAME/vNNN; what is done stays.")] = False,
    only_show: Annotated[bool, typer.Option("--show", help="Print the tables of NAME or NAME/vNNN again.")] = False,
    experiments: Experiments = _EXPERIMENTS,
    results: Results = _RESULTS,
) -> None:
    """Compare methods at the same budget over the same tasks and seeds: tables with intervals, and anytime curves."""
    console, tasks = Console(), experiments.parent / "tasks"
    if only_show:
        comparing.show(find_comparison(results, name), tasks, console)
        return
    root = find_comparison(results, name) if go_on else new_comparison(load_comparison(experiments, name), results)
    comparing.play(root, tasks, console)


@app.command()
def tables(
    names: Annotated[
        list[str] | None, typer.Argument(help="EXPERIMENT, COMPARISON, or one with /vNNN; without any, all runs.")
    ] = None,
    method: Annotated[str | None, typer.Option(help="Count the runs of this method or variant only.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the tables to this file instead.")] = None,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write the numbers to this file too.")] = None,
    leaderboard: Annotated[
        Path | None, typer.Option(help="Write leaderboard records to this file, one a model.")
    ] = None,
    others: Annotated[
        list[Path] | None, typer.Option("--with", help="Leaderboard records of others to set beside ours; repeatable.")
    ] = None,
    by: Annotated[str, typer.Option(help="Who submits the leaderboard records.")] = "Unknown",
    results: Results = _RESULTS,
) -> None:
    """Put finished runs into the tables of the field: lab tasks, open play, coding style; beside published figures."""
    wanted = Wanted(
        names=names or [],
        method=method,
        markdown=markdown,
        json=as_json,
        leaderboard=leaderboard,
        others=others or [],
        submitted_by=by,
    )
    show_tables(results, wanted, Console())


@app.command(name="list")
def list_(experiments: Experiments = _EXPERIMENTS, results: Results = _RESULTS) -> None:
    """List the experiments and their runs, those whose files are gone too."""
    print_runs(sorted({*list_experiments(experiments), *list_results(results)}), results, Console())


@app.command()
def tasks(
    folder: Annotated[Path, typer.Option("--tasks", help="Folder of your own tasks' YAML files.")] = _TASKS,
) -> None:
    """List the tasks an experiment can name: what is to be reached, and from what."""
    print_tasks(*readable_tasks(folder), Console())


@app.command()
def api(
    short: Annotated[bool, typer.Option("--short", help="One line a tool, as experiments give it to models.")] = False,
) -> None:
    """Print the API reference that models are given; its size goes to standard error."""
    text = harness.api_reference(full=not short)
    typer.echo(text, nl=False)
    typer.echo(f"about {estimate_tokens(text):,} tokens, at {CHARS_PER_TOKEN:g} characters each", err=True)


@app.command()
def fidelity(
    only: Annotated[str, typer.Option(help="Numbers of the checks to run, such as 11,12,20.")] = "",
    write: Annotated[Path | None, typer.Option(help="Write the table as Markdown to this file.")] = None,
    checks: Annotated[Path, typer.Option(help="The file of checks.")] = _CHECKS,
) -> None:
    """Hold the embedded server against published figures of the game; status 1 when one is unexpectedly not met."""
    # The simulator is loaded here and not with this module: every other command starts without it.
    import_module("harness.cli.fidelity").hold(checks, only, write, Console())


@app.command()
def doctor(
    server: Annotated[
        str | None,
        typer.Option(
            "--factorio",
            "--server",
            metavar="HOST:PORT",
            help="Check a server that runs: RCON's address; or `embedded`, or `simulator` or `factorio` to start an "
            "image. The game on it is lost.",
        ),
    ] = None,
    password_file: Annotated[
        Path | None,
        typer.Option(help="File with the server's RCON password, instead of the variable FACTORIO_RCON_PASSWORD."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before the server's game is lost.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Check this installation, or a server: the mod, every tool, time, states and the API; status 1 when one fails."""
    import_module("harness.cli.doctor").examine(server, password_file, yes, as_json, Console())


def _finish(outcome: RunOutcome, console: Console) -> None:
    print_run(outcome.folder, console, code=False)
    if outcome.status == "interrupted":
        typer.echo(outcome.message, err=True)
        raise typer.Exit(130)
    if outcome.status != "finished":
        raise HarnessError(outcome.message or f"the run is {outcome.status}")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"harness {harness.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log what happens inside, on standard error.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Runs the command line and exits; a `HarnessError` becomes one line and status 1."""
    signal.signal(signal.SIGTERM, _interrupt)
    errors = Console(stderr=True, soft_wrap=True)
    try:
        app(standalone_mode=True)
    except HarnessError as error:
        errors.print(f"[red]error:[/red] {_plain(error)}", highlight=False)
        sys.exit(1)


def _plain(error: HarnessError) -> str:
    return str(error).replace("[", r"\[")
