from __future__ import annotations

from harness.programs import check_syntax
from harness.programs.parsing import MAX_PROGRAM_BYTES, split_lines


def test_a_good_program_has_no_fault() -> None:
    assert check_syntax('x = "\\d"\nprint(x)\n') is None


def test_a_fault_names_line_and_text() -> None:
    fault = check_syntax("x = 1\nfor i in range(3)\n    pass\n")
    assert fault is not None
    assert (fault.line, fault.code, fault.type) == (2, "syntax", "SyntaxError")
    assert fault.trace == ((2, "for i in range(3)"),)
    assert "':'" in fault.message


def test_zero_bytes_and_deep_nesting_are_faults() -> None:
    assert check_syntax("x = 1\0") is not None
    assert check_syntax("(" * 5000 + ")" * 5000) is not None


def test_a_program_that_is_too_long_is_a_fault() -> None:
    fault = check_syntax("x = 1\n" * MAX_PROGRAM_BYTES)
    assert fault is not None
    assert "too long" in fault.message


def test_lines_split_as_python_splits_them() -> None:
    assert split_lines("a\x0cb\r\nc\rd\u2028e\n") == ["a\x0cb\r\n", "c\r", "d\u2028e\n"]
