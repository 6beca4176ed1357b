import resource
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.files import append_line, read_whole_lines, write_atomic

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
    found = read_whole_lines(path)
    assert found == lines[: len(found)]
    assert cut > 0 or found == lines


def test_no_file_has_no_lines(tmp_path):
    assert read_whole_lines(tmp_path / "absent") == []


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
