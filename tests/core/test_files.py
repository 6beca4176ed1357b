import resource
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.files import append_line, mend_lines, sweep, whole_lines, write_atomic

LINE = st.binary(max_size=40).filter(lambda line: b"\n" not in line and b"\r" not in line)


def test_write_replaces_the_whole_file_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "x.json"
    write_atomic(path, "one, and more")
    write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert [each.name for each in tmp_path.iterdir()] == ["x.json"]


def test_a_record_is_one_line(tmp_path):
    with pytest.raises(ValueError, match="one line"):
        append_line(tmp_path / "x", b"a\nb")


@given(st.lists(LINE), st.integers(0, 40))
def test_a_cut_last_line_is_left_out_and_the_others_stay(tmp_path_factory, lines, cut):
    path = tmp_path_factory.mktemp("files") / "x.jsonl"
    for line in lines:
        append_line(path, line)
    content = path.read_bytes() if lines else b""
    path.write_bytes(content[: max(0, len(content) - cut)])
    found = list(whole_lines(path))
    assert found == lines[: len(found)]
    assert cut > 0 or found == lines


@given(st.lists(LINE, unique=True), st.integers(0, 40), st.booleans())
def test_a_mended_file_ends_with_its_last_whole_line(tmp_path_factory, lines, cut, twice):
    path = tmp_path_factory.mktemp("files") / "x.jsonl"
    for line in [*lines, *lines[-1:]] if twice else lines:
        append_line(path, line)
    if lines:
        last = len(lines[-1]) + 1
        path.write_bytes(path.read_bytes()[: -min(cut, last)] if cut else path.read_bytes())
    mend_lines(path)
    assert list(whole_lines(path)) == (lines if twice or not cut else lines[:-1])
    if lines:
        assert path.read_bytes().endswith(b"\n") or len(lines) == 1
        append_line(path, b"and on")
        assert list(whole_lines(path))[-1] == b"and on"


def test_scratch_files_of_the_killed_are_swept(tmp_path):
    for name in (".x.json.4711.part", "x.json", ".keep"):
        (tmp_path / name).write_text("")
    sweep(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [".keep", "x.json"]


def test_no_file_has_no_lines(tmp_path):
    assert list(whole_lines(tmp_path / "absent")) == []
    mend_lines(tmp_path / "absent")


def test_what_does_not_fit_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "lines"
    append_line(path, b"whole")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        for write in (lambda: append_line(path, b"x" * 2000), lambda: write_atomic(path, b"x" * 2000)):
            with pytest.raises(OSError):
                write()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    append_line(path, b"next")
    assert path.read_bytes() == b"whole\nnext\n"
    assert list(tmp_path.iterdir()) == [path]
