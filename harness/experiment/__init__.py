"""Experiments: their configuration, and a run from start to summary."""

from harness.experiment.config import ExperimentConfig, list_experiments, load_experiment, parse_experiment
from harness.experiment.recorder import Recorder, load_programs
from harness.experiment.resume import resume_run
from harness.experiment.run import Progress, RunOutcome, start_run

__all__ = [
    "ExperimentConfig",
    "Progress",
    "Recorder",
    "RunOutcome",
    "list_experiments",
    "load_experiment",
    "load_programs",
    "parse_experiment",
    "resume_run",
    "start_run",
]
