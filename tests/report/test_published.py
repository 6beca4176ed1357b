import pytest

from harness.report.published import load_published, published_markdown, standard_error


def test_the_published_rows_stand_as_printed():
    published = load_published()
    rows = {
        row.model: (row.lab_success, row.lab_printed, row.production_score, row.milestones, row.automation_milestones)
        for row in published.rows
    }
    assert rows == {
        "Claude 3.5 Sonnet": (21.9, 1.3, 293206, 28, 13),
        "GPT-4o": (16.6, 1.4, 87599, 30, 9),
        "DeepSeek-v3": (15.1, 1.7, 48585, 22, 7),
        "Gemini-2-Flash": (13.0, 1.3, 115782, 20, 6),
        "Llama-3.3-70B": (6.3, 1.0, 54998, 26, 4),
        "GPT-4o-mini": (5.2, 0.6, 26756, 14, 4),
    }
    assert published.lab.num_episodes == 96


def test_the_standard_error_is_that_of_a_binomial():
    assert standard_error(50.0, 100) == pytest.approx(5.0)
    assert standard_error(21.9, 96) == pytest.approx(4.22, abs=0.005)
    assert standard_error(0.0, 96) == 0


def test_the_table_shows_what_was_printed_and_what_we_computed_apart():
    text = "\n".join(published_markdown())
    assert "not ours: arXiv 2503.09617" in text
    assert "| Claude 3.5 Sonnet | 21.9 % ± 1.3 | 4.2 | 293,206 | 28 | 13 |" in text
    assert "price profile `paper`" in text
