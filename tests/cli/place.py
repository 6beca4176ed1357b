"""A place to run in: a folder, servers that stand through all runs as a pool's do, and a model's provider."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from harness.game import RconConnection
from harness.records import RunFolder
from tests.cli.provider import Asked, Provider, asked
from tests.cli.sittings import sit
from tests.game.server import PASSWORD

SLOTS = 2
MAX_CALLS = 4

EXPERIMENT = """
variant: {variant}
model: openai/gpt-4o
seed: 3
servers: {{ launcher: external, slots: {slots}, addresses: [{addresses}] }}
search: {{ iterations: {iterations}, samples_per_iteration: 2, max_steps: 3, candidates: 2, deterministic: {mode} }}
evaluation: {{ accrual_s: 10 }}
model_options: {{ base_url: "{url}", max_concurrency: {calls} }}
"""


def ask_servers(ports: list[int], command: str) -> None:
    for port in ports:
        with RconConnection("127.0.0.1", port, PASSWORD) as connection:
            answer = connection.command(command)
        assert json.loads(answer)["ok"], answer


@dataclass
class Place:
    """A folder to run in, the provider and the servers.

    Attributes:
        folder: where `experiments` and `results` are.
        variables: of the environment of runs.
    """

    folder: Path
    provider: Provider
    ports: list[int]
    variables: dict[str, str]

    def write(self, variant: str, iterations: int, *, deterministic: bool = True) -> None:
        (self.folder / "experiments").mkdir()
        text = EXPERIMENT.format(
            variant=variant,
            iterations=iterations,
            slots=SLOTS,
            addresses=", ".join(f"'127.0.0.1:{port}'" for port in self.ports),
            mode=str(deterministic).lower(),
            url=self.provider.url,
            calls=MAX_CALLS,
        )
        (self.folder / "experiments" / "tiny.yaml").write_text(text)

    def renew_servers(self) -> None:
        """Puts the servers back to their start: what they number as first depends on what they did before."""
        ask_servers(self.ports, "/snapshot restore fresh")

    def run(self, version: str) -> RunFolder:
        return RunFolder(self.folder / "results" / "tiny" / version)

    def finish(self, *arguments: str) -> None:
        status, output = sit(self.folder, *arguments, **self.variables)
        assert status == 0, output


def size(run: RunFolder) -> int:
    """How much is on record."""
    files = [path for path in (run.programs, run.model_calls) if path.exists()]
    return sum(path.read_bytes().count(b"\n") for path in files)


def paid(run: RunFolder) -> Counter[Asked]:
    """The replies on record."""
    lines = run.model_calls.read_bytes().splitlines(keepends=True) if run.model_calls.exists() else []
    calls = [json.loads(line) for line in lines if line.endswith(b"\n")]
    return Counter(asked(call["messages"], call["seed"]) for call in calls)
