"""Programs written by models: reading, cutting into chunks, running in confined workers, and what they leave behind."""

from harness.programs.chunking import chunk_program
from harness.programs.confinement import missing_layers
from harness.programs.host import ToolHost, ToolReply
from harness.programs.namespace import Namespace
from harness.programs.outcome import OutputLine, ProgramFault, ProgramOutcome
from harness.programs.parsing import check_syntax, parse_program
from harness.programs.runner import ProgramRunner

__all__ = [
    "Namespace",
    "OutputLine",
    "ProgramFault",
    "ProgramOutcome",
    "ProgramRunner",
    "ToolHost",
    "ToolReply",
    "check_syntax",
    "chunk_program",
    "missing_layers",
    "parse_program",
]
