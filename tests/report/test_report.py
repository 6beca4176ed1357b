from hypothesis import given
from hypothesis import strategies as st

from harness.report import anytime_curve, best_path, ranked, write_curves
from tests.records.test_writer import node

VALUES = st.lists(st.tuples(st.floats(-1e6, 1e6), st.sampled_from(["ok", "error"])), max_size=12)


def records(values):
    return [node(0), *(node(i, value=value, status=status) for i, (value, status) in enumerate(values, start=1))]


@given(VALUES)
def test_the_curve_never_falls_and_ends_at_the_best_program(values):
    nodes = records(values)
    curve = anytime_curve(nodes)
    assert curve.best == sorted(curve.best)
    order = ranked(nodes)
    assert len(curve.nodes) == len(values)
    if order and curve.best:
        assert curve.best[-1] == max(0.0, order[0].value)


def test_ranking_leaves_out_failures_and_the_root():
    order = ranked(records([(1.0, "ok"), (9.0, "error"), (1.0, "ok"), (3.0, "ok")]))
    assert [each.index for each in order] == [4, 1, 3]


def test_the_path_leads_from_the_root():
    nodes = [node(0), node(1), node(2, parent_id="id1"), node(3)]
    assert [each.id for each in best_path(nodes, "id2")] == ["id0", "id1", "id2"]
    assert best_path(nodes, "unknown") == []


def test_the_picture_is_the_same_bytes_for_the_same_run(tmp_path):
    nodes = records([(1.0, "ok"), (2.0, "error"), (5.0, "ok")])
    for name in ("a.png", "b.png"):
        write_curves(nodes, "exp/v001", tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    write_curves([node(0)], "empty", tmp_path / "c.png")
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
