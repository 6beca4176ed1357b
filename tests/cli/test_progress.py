"""What a run shows of itself on a terminal."""

import io

import pytest
from rich.console import Console

from harness.cli.progress import LiveProgress, make_progress
from harness.cli.show import budget_text
from harness.core.conversation import Message
from harness.evaluation import Program
from harness.experiment import parse_experiment
from harness.experiment.config import BudgetConfig
from harness.llm import ModelReply, ModelRequest
from harness.variants import Spend
from harness.variants.observer import IterationFinished, IterationStarted, ModelCall

CONFIG = parse_experiment({"name": "tiny", "variant": "chunked", "model": "scripted/builder"}, source="test")
STEP = '"""' + "Step 1: mine coal with many burner drills that fuel each other. " * 4 + '"""\nsleep(1)\n'


def chunk(index: int, **fields: object) -> Program:
    return Program(code=STEP, parent_id="p", depth=1 + index, chunk_index=index, chunk_count=3, **fields)


def shown(width: int, programs: list[Program]) -> list[str]:
    console = Console(file=io.StringIO(), force_terminal=True, width=width, height=40)
    progress = make_progress(CONFIG, console)
    assert isinstance(progress, LiveProgress)
    for program in programs:
        progress.on_program(program, replayed=False)
    with console.capture() as capture:
        console.print(progress._render(), no_wrap=False)
    return capture.get().splitlines()


@pytest.mark.parametrize("width", [80, 120])
def test_a_program_takes_one_line_however_narrow_the_terminal(width):
    lines = shown(width, [chunk(0, status="ok", value=3.0), chunk(1, status="error", error="no coal " * 40)])
    assert len([line for line in lines if line.startswith("  ")]) == 2
    assert len([line for line in lines if "…" in line]) == 2


def test_a_step_is_named_without_its_quotes():
    short = Program(code='"""Step 1: mine coal."""\nsleep(1)\n', parent_id="p", status="ok", value=1.0)
    line = next(line for line in shown(80, [short]) if "Step 1" in line)
    assert line.rstrip().endswith("Step 1: mine coal.")


def test_the_chunks_of_a_reply_count_as_one_program():
    lines = shown(80, [chunk(0, status="ok"), chunk(1, status="ok"), chunk(2, status="error", error="no coal")])
    assert any("1, 1 failed" in line for line in lines)


def test_every_bounded_budget_is_shown_with_its_limit_while_calls_come_in():
    budget = {"samples": 20, "ticks": 2_000_000, "tokens": 1_500_000, "usd": 2.5, "wall_s": 60}
    console = Console(file=io.StringIO(), width=200)
    progress = make_progress(CONFIG.model_copy(update={"budget": BudgetConfig(**budget)}), console)
    progress.on_iteration_started(IterationStarted(iteration=0, parent_ids=("p",), spend=Spend()))
    reply = ModelReply(
        text="x",
        model="m",
        input_tokens=1_200_000,
        output_tokens=50,
        cost_usd=0.25,
        finish_reason="stop",
        wall_s=0.0,
    )
    request = ModelRequest(messages=(Message("user", "go"),))
    progress.on_model_call(ModelCall(iteration=0, sample=0, request=request, reply=reply))
    progress.on_model_call(ModelCall(iteration=0, sample=1, request=request, reply=None, error="busy"))
    progress.on_program(chunk(0, status="ok", ticks=900, meta={"evaluation": {"accrual_ticks": 600}}), replayed=False)
    line = progress.budget_line()
    assert line.startswith(
        "2 of 20 samples, 1,500 of 2,000,000 ticks, 1,200,050 of 1,500,000 tokens, 0.25 of 2.5 US dollars, "
    )
    assert line.endswith(" of 60 s")
    booked = Spend(samples=2, ticks=1500, tokens=1_200_050, usd=0.25)
    progress.on_iteration_finished(
        IterationFinished(iteration=0, num_programs=1, num_failed=0, best_id=None, best_value=None, spend=booked)
    )
    assert progress.spend == booked


def test_the_summary_shows_what_was_spent_of_each_budget():
    budget = {"samples": {"limit": 20, "spent": 20}, "usd": {"limit": None, "spent": 0.125}}
    assert budget_text(budget) == "20 of 20 samples, 0.125 US dollars"


@pytest.mark.parametrize(("variant", "total"), [("sequential", 8), ("backtracking", 8), ("mcts", 2), ("best_of_n", 2)])
def test_iterations_are_counted_as_the_variant_runs_them(variant, total):
    config = parse_experiment(
        {
            "name": "tiny",
            "variant": variant,
            "model": "scripted/builder",
            "search": {"iterations": 2, "samples_per_iteration": 4},
        },
        source="test",
    )
    out = io.StringIO()
    progress = make_progress(config, Console(file=out, width=200))
    for iteration in range(total):
        progress.on_iteration_started(IterationStarted(iteration=iteration, parent_ids=("p",), spend=Spend()))
        progress.on_iteration_finished(
            IterationFinished(
                iteration=iteration, num_programs=1, num_failed=0, best_id=None, best_value=None, spend=Spend()
            )
        )
    lines = out.getvalue().splitlines()
    assert [line.partition(":")[0] for line in lines] == [f"iteration {each + 1}/{total}" for each in range(total)]
    assert lines[-1].endswith("about 0 s left")
    assert not any("-" in line.rpartition("about")[2] for line in lines)


def test_the_time_left_is_that_of_the_budget_that_ends_first():
    def told(**budget: float) -> float:
        console = Console(file=io.StringIO(), width=300)
        config = CONFIG.model_copy(update={"budget": BudgetConfig(**budget)})
        progress = make_progress(config, console)
        progress.started -= 30.0  # Half a minute ago.
        spend = Spend(samples=8, ticks=10_000, tokens=900, usd=0.5)
        progress.on_iteration_finished(
            IterationFinished(iteration=0, num_programs=8, num_failed=0, best_id=None, best_value=None, spend=spend)
        )
        return float(console.file.getvalue().rpartition("about ")[2].removesuffix(" s left\n"))

    # One of ten iterations is done: 9 times 30 s are left, unless a budget is nearer to its end.
    assert told() == pytest.approx(270, abs=5)
    assert told(samples=16) == pytest.approx(30, abs=2)
    assert told(samples=1000, usd=2.0) == pytest.approx(90, abs=3)
    assert told(tokens=900) == 0
    assert told(ticks=9_000) == 0
