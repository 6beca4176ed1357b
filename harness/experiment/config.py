"""An experiment as a YAML file: what may stand in it, the defaults, and errors a reader can act on.

`load_experiment` is the only door: it checks everything before anything is started.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from harness.core.errors import ConfigError
from harness.core.hashing import hash_json
from harness.core.strict_yaml import load_yaml
from harness.experiment.overrides import with_overrides
from harness.search import PolicyConfig
from harness.tasks import Task, find_task, parse_task
from harness.variants import VARIANTS


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class WorldConfig(_Section):
    """The world every program starts from."""

    map: Literal["lab", "open"] = "lab"
    """`lab`: flat, rich resources near the origin; `open`: lakes, forests, patches further apart."""
    seed: int = Field(default=0, ge=0, lt=2**31)
    """Seed of the map; the same on every server."""
    inventory: Literal["lab", "empty"] | dict[str, int] = "lab"
    """What the character holds: the lab tasks' inventory, nothing, or counts by item name."""
    all_technologies: bool = True
    """Whether everything is researched at the start."""


class ServersConfig(_Section):
    """The headless servers to play on."""

    launcher: Literal["process", "docker", "external"] = "process"
    """`process`: embedded servers on this machine; `docker`: containers; `external`: servers that run already."""
    slots: int = Field(default=2, ge=1, le=64)
    """Programs played at the same time; one more server is the holdout."""
    first_port: int | None = Field(default=None, ge=1024, le=65000)
    """RCON port of the first server, the next ones follow; null lets the system choose."""
    start_timeout_s: float = Field(default=60.0, gt=0)
    addresses: tuple[str, ...] = ()
    """`host:port` of external servers, the holdout last."""
    image: str = "simulator"
    """Of containers: `simulator`, `factorio`, or the reference of an image that keeps their contract."""
    memory: str = Field(default="1g", pattern=r"^[1-9][0-9]*[kmg]$")
    """Most memory of a container, as Docker writes it."""
    cpus: float = Field(default=1.0, gt=0, le=64)
    """Most processors of a container."""
    pids: int = Field(default=128, ge=16)
    """Most processes and threads of a container."""
    disk: str = Field(default="256m", pattern=r"^[1-9][0-9]*[kmg]$")
    """Most that a container may write; it is held in memory."""
    publish: str = "127.0.0.1"
    """Address of the engine's host on which containers' RCON ports are."""
    reply_timeout_s: float = Field(default=60.0, gt=0)
    """A server that takes longer to answer a command is taken for lost."""


PolicyName = Literal["softmax", "uct", "diversity", "beam", "weighted", "thompson", "uniform", "root", "latest"]


class SearchConfig(_Section):
    """How the tree grows."""

    iterations: int = Field(default=10, ge=1)
    samples_per_iteration: int = Field(default=4, ge=1, le=256)
    timeout_s: float = Field(default=60.0, gt=0)
    """Wall seconds a program may run."""
    policy: PolicyName | None = None
    """How parents are selected: a name in `harness.search.POLICIES`; null is the variant's own."""
    temperature: float = Field(default=1.0, ge=1e-9)
    """Of the softmax and diversity policies, over standardised values."""
    exploration_constant: float = Field(default=1.41, ge=0)
    """Of the uct policy."""
    policy_options: dict[str, Any] = {}
    """More that policies can be told: fields of `harness.search.PolicyConfig`, such as `beam_width`."""
    max_steps: int = Field(default=8, ge=1)
    """Planning only: steps carried out for one objective."""
    candidates: int = Field(default=3, ge=1)
    """Planning only: next steps proposed for the judge to choose from."""
    max_retries: int = Field(default=3, ge=1)
    """Backtracking only: failures in a row that one dialogue may hold."""
    lookahead: int = Field(default=1, ge=0, le=64)
    """Iterations begun before the oldest under way is in the tree, so that the model writes while servers play."""
    deterministic: bool = True
    """One seed, one tree, whatever the timing; false enters programs as they are done, which is never slower."""
    credit: Literal["step", "world"] | None = None
    """What a node counts in the tree as; null is `world` on a task with a quota, else `step`."""
    stop_on_success: bool = True
    """Whether the first program that reaches the task's goal ends the search."""

    @field_validator("policy_options")
    @classmethod
    def _known_options(cls, options: dict[str, Any]) -> dict[str, Any]:
        known = sorted({each.name for each in fields(PolicyConfig)} - {"temperature", "exploration_constant"})
        for name in options:
            if name not in known:
                raise ValueError(f"keys out of {', '.join(known)}")
        try:
            PolicyConfig(**options)
        except (ConfigError, TypeError) as error:
            raise ValueError(str(error)) from None
        return options


class RacingConfig(_Section):
    """Whether a program that clearly loses against a sibling is stopped in its accrual window."""

    enabled: bool = False
    checkpoints: int = Field(default=3, ge=1)
    """Looks at the reward, at equal distances inside the window."""
    margin: float = Field(default=0.5, gt=0, le=1)
    """A program whose reward so far is this share behind the best earlier sibling's is stopped."""


class EvaluationConfig(_Section):
    """How a program is valued."""

    accrual_s: float = Field(default=60.0, ge=0, le=86_400)
    """Game seconds that run on after a program, for its machines to earn; a day at most."""
    max_program_ticks: int = Field(default=108_000, ge=1)
    """Game ticks a program may spend before its calls are refused; 108,000 are half an hour of game time."""
    price_profile: Literal["reference", "game", "paper"] = "reference"
    racing: RacingConfig = RacingConfig()


class ModelConfig(_Section):
    """How the language model is asked."""

    temperature: float = Field(default=0.8, ge=0, le=2)
    max_tokens: int = Field(default=2048, ge=16)
    full_reference: bool = False
    """Whether the model is told all about every tool, or one line; names and classes are told in both cases."""
    context_tokens: int = Field(default=16000, ge=1000)
    """Tokens of a request at most, by estimate; of older turns it tells in a line each, or how many there were."""
    timeout_s: float = Field(default=120.0, gt=0)
    max_retries: int = Field(default=4, ge=0)
    max_concurrency: int = Field(default=8, ge=1)
    base_url: str | None = None
    """For a gateway or a local server that speaks the provider's protocol."""


class BudgetConfig(_Section):
    """Hard limits, checked before anything is spent; null means no limit."""

    samples: int | None = Field(default=None, ge=1)
    ticks: int | None = Field(default=None, ge=1)
    tokens: int | None = Field(default=None, ge=1)
    usd: float | None = Field(default=None, gt=0)
    wall_s: float | None = Field(default=None, gt=0)


class ExperimentConfig(_Section):
    """A whole experiment."""

    name: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")
    """Name of the file without `.yaml`; names the results folder too."""
    description: str = ""
    variant: Literal["mcts", "chunked", "planning", "best_of_n", "sequential", "backtracking", "beam", "random"]
    """How programs are searched for: a name in `harness.variants.VARIANTS`."""
    model: str
    """`provider/model`, such as `anthropic/claude-3-opus-20240229`, or `scripted/builder`, which needs no key."""
    seed: int = Field(default=0, ge=0, lt=2**31)
    task: Task | None = None
    """What is to be achieved: in a file the name of a task or the path of one, here the task itself."""
    world: WorldConfig = WorldConfig()
    servers: ServersConfig = ServersConfig()
    search: SearchConfig = SearchConfig()
    evaluation: EvaluationConfig = EvaluationConfig()
    model_options: ModelConfig = ModelConfig()
    budget: BudgetConfig = BudgetConfig()

    @model_validator(mode="after")
    def _policy_of_its_own(self) -> ExperimentConfig:
        made = VARIANTS[self.variant]
        if made.FIXED_POLICY and self.search.policy not in (None, made.POLICY):
            raise ValueError(f"no search.policy for variant {self.variant}, which is made by its own, {made.POLICY}")
        return self

    def resolved(self) -> dict[str, Any]:
        """As plain data with every default written out."""
        return self.model_dump(mode="json")

    def digest(self) -> str:
        """See `config_digest`."""
        return config_digest(self.resolved())


def config_digest(resolved: Mapping[str, Any]) -> str:
    """Content hash of everything in a resolved configuration that can change a result.

    Where the servers run cannot, and neither can how many iterations follow.
    """
    kept = {key: value for key, value in resolved.items() if key not in ("servers", "description")}
    search = {key: value for key, value in kept.get("search", {}).items() if key != "iterations"}
    options = search.get("policy_options", {})
    # An infinity is a value of some options, and nothing that JSON can carry.
    written = {key: str(value) if value == math.inf else value for key, value in options.items()}
    return hash_json({**kept, "search": {**search, "policy_options": written} if options else search})


def list_experiments(folder: Path) -> list[str]:
    """Names of the experiments in a folder."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def find_file(folder: Path, name: str, kind: str, known: Callable[[], Sequence[str]]) -> Path:
    """The file `folder/name.yaml`.

    Args:
        folder: where it should be.
        name: with or without `.yaml`.
        kind: of what is looked for, in words.
        known: names there are, for the message.

    Raises:
        ConfigError: there is no such file; the message names the nearest.
    """
    path = folder / f"{name.removesuffix('.yaml')}.yaml"
    if not path.is_file():
        names = known()
        close = difflib.get_close_matches(name, names, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise ConfigError(f"{kind} {name!r}: expected a file {path}, found: {', '.join(names) or 'none'}{hint}")
    return path


def read_yaml(path: Path) -> Any:
    """What a YAML file holds.

    Raises:
        ConfigError: it cannot be read, or is not YAML.
    """
    try:
        return load_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: expected a YAML file, got: {' '.join(str(error).split())}") from error


def load_experiment(
    folder: Path, name: str, *, seed: int | None = None, overrides: Sequence[str] = ()
) -> ExperimentConfig:
    """Reads and checks `folder/name.yaml`.

    Args:
        folder: where experiments live.
        name: the file's name, with or without `.yaml`.
        seed: overrides the file's.
        overrides: other keys to change, each `key.key=value`.

    Raises:
        ConfigError: no such file, not YAML, or a key that is not as it should be; the message names file and key.
    """
    path = find_file(folder, name, "experiment", lambda: list_experiments(folder))
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: expected keys and values, got {type(data).__name__}")
    if "methods" in data:
        raise ConfigError(
            f"{path}: expected one experiment, got a comparison; run it with: harness compare {path.stem}"
        )
    changes = {} if seed is None else {"seed": seed}
    changed = with_overrides({"name": path.stem, **data, **changes}, overrides)
    require_own_name(data, path)
    return parse_experiment(changed, source=str(path), tasks=folder.parent / "tasks")


def require_own_name(data: Mapping[str, Any], path: Path) -> None:
    """Refuses a file that goes by another name than its own: its results would stand under that one.

    Raises:
        ConfigError: it does.
    """
    if data.get("name", path.stem) != path.stem:
        raise ConfigError(
            f"{path}: key name: expected {path.stem!r}, the file's own, got {data['name']!r}; take it out"
        )


def parse_experiment(data: dict[str, Any], *, source: str, tasks: Path | None = None) -> ExperimentConfig:
    """Checks plain data; `source` names where it came from in messages.

    Args:
        data: as in a file, or resolved before.
        source: of the data.
        tasks: folder of one's own tasks.

    Raises:
        ConfigError: every key that is not as it should be, one a line.
    """
    try:
        return ExperimentConfig.model_validate(_with_task(data, source, tasks))
    except ValidationError as error:
        raise ConfigError(describe_problems(source, error.errors(), ExperimentConfig)) from None


def _with_task(data: dict[str, Any], source: str, tasks: Path | None) -> dict[str, Any]:
    """The data with its task read; the task's world holds where the data have no key of their own."""
    named = data.get("task")
    if named is None:
        return data
    if isinstance(named, str):
        task = find_task(named, tasks)
    elif isinstance(named, dict):
        task = parse_task(named, name=str(named.get("name", "task")), source=f"{source}: task")
    else:
        raise ConfigError(f"{source}: key task: expected the name or the path of a task, got {named!r}")
    world = data.get("world") or {}
    if isinstance(world, dict):
        world = {**task.world.model_dump(), **world}
    return {**data, "task": task, "world": world}


def describe_problems(source: str, problems: Sequence[Any], model: type[BaseModel]) -> str:
    """One line a key; where a key may be one of several things, what each of them expected.

    Args:
        source: where the data came from.
        problems: what Pydantic found.
        model: what the data should have been.
    """
    by_key: dict[str, list[Any]] = {}
    for problem in problems:
        # Pydantic adds which of the several things it tried to the path, such as "dict[str,int]".
        location = [part for part in problem["loc"] if "[" not in str(part)]
        by_key.setdefault(".".join(map(str, location)), []).append({**problem, "loc": location})
    return "\n".join(
        _describe(source, key, tried[0], [_expected(each) for each in tried], model)
        for key, tried in by_key.items()
        if not _follows(key, tried[0], by_key)
    )


def _follows(key: str, problem: Any, by_key: Mapping[str, Any]) -> bool:
    """Whether a list is called too short only because of what is wrong with its members."""
    return problem["type"] == "too_short" and any(other.startswith(f"{key}.") for other in by_key)


def _expected(problem: Any) -> str:
    text: str = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "string_pattern_mismatch":
        return f"text of the form {problem['ctx']['pattern']}"
    if problem["type"] == "too_short":
        return f"at least {problem['ctx']['min_length']}"
    return re.sub(r"^(Input|String|Keys) should (be |have )", "", text)


def _describe(source: str, key: str, problem: Any, expected: list[str], model: type[BaseModel]) -> str:
    location = problem["loc"]
    if problem["type"] == "extra_forbidden":
        known = _known_keys(location[:-1], model)
        close = difflib.get_close_matches(str(location[-1]), known, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        return f"{source}: key {key}: expected one of {', '.join(known)}, got {location[-1]!r}{hint}"
    if problem["type"] == "missing":
        return f"{source}: key {key}: expected a value, got none; add the key"
    if not key:
        return f"{source}: expected {' or '.join(dict.fromkeys(expected))}"
    return f"{source}: key {key}: expected {' or '.join(dict.fromkeys(expected))}, got {problem['input']!r}"


def _known_keys(location: Sequence[int | str], model: type[BaseModel]) -> list[str]:
    section: Any = model
    for part in location:
        section = section.model_fields[part].annotation
    return sorted(section.model_fields)
