"""What a run shows of itself on a terminal."""

import io

import pytest
from rich.console import Console

from harness.cli.progress import LiveProgress, make_progress
from harness.evaluation import Program
from harness.experiment import parse_experiment

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
