"""The search by itself: hands out trials, takes results in any order, does no I/O.

Chance is drawn from a stream named by (seed, number of the node about to be made), so a search given back the results
of an earlier one goes on exactly as that one would have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.core.seeds import stream
from harness.search.policies import Policy, PolicyConfig, continuable, make_policy
from harness.search.tree import PENDING, WORKED, Tree


@dataclass(frozen=True, slots=True)
class Trial:
    """A node whose result is awaited.

    Attributes:
        node: its number in the tree.
        parent: number of the node it continues.
    """

    node: int
    parent: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a trial.

    Attributes:
        value: the advantage earned; ignored if it failed.
        worked: whether the program ran to its end.
        state_key: names the world after it by its content.
        static, dynamic: made by hand and by machines.
    """

    value: float
    worked: bool = True
    state_key: str | None = None
    static: Mapping[str, float] = field(default_factory=dict)
    dynamic: Mapping[str, float] = field(default_factory=dict)


class Search:
    """Grows a tree by ask and tell.

    Args:
        policy: a name in `POLICIES`, or a policy.
        seed: root of all chance.
        config: of the policy.
        failed_value: what a failed trial counts as in the backed-up means; 0 is the worth of waiting.

    Attributes:
        tree: the tree; read only.
    """

    def __init__(
        self,
        policy: str | Policy = "softmax",
        seed: int = 0,
        *,
        config: PolicyConfig | None = None,
        failed_value: float = 0.0,
    ) -> None:
        self._config = config or PolicyConfig()
        self._policy = make_policy(policy, self._config) if isinstance(policy, str) else policy
        self._seed = seed
        self._failed_value = failed_value
        self.tree = Tree.planted()

    def ask(self, n: int, *, num_parents: int | None = None) -> list[Trial]:
        """`n` new trials.

        Each chosen parent counts as visited without gain until its trials are told (virtual loss), so later choices
        of the same call can differ.

        Args:
            n: at least 1.
            num_parents: how many choices of a parent are made; the trials go round them in turn. `None`: one for each
                trial. Choices may coincide.

        Raises:
            ValueError: a count below 1.
        """
        chosen = n if num_parents is None else min(n, num_parents)
        if chosen < 1:
            raise ValueError(f"ask: expected counts of at least 1, got n={n}, num_parents={num_parents}")
        trials = [self.branch(self.choose()) for _ in range(chosen)]
        return trials + [self.branch(trials[index % chosen].parent) for index in range(chosen, n)]

    def choose(self) -> int:
        """The node the policy would continue next; changes nothing."""
        candidates = continuable(self.tree, failed_parents=self._config.failed_parents)
        return self._policy.select(self.tree, candidates, stream(self._seed, "select", self.tree.num_nodes))

    def branch(self, parent: int) -> Trial:
        """A new trial below a parent of the caller's choice, such as the next chunk below the one before it.

        Raises:
            ValueError: there is no such node.
        """
        if not 0 <= parent < self.tree.num_nodes:
            raise ValueError(f"parent: expected a node in 0..{self.tree.num_nodes - 1}, got {parent}")
        return Trial(node=self.tree.add(parent), parent=parent)

    def tell(self, trial: Trial, outcome: Outcome) -> None:
        """Takes a trial's result; telling the same again changes nothing.

        Raises:
            ValueError: the trial is not of this search, or was told another result before.
        """
        tree, node = self.tree, trial.node
        self._check(trial)
        value = outcome.value if outcome.worked else self._failed_value
        if tree.statuses[node] == PENDING:
            tree.settle(node, value, worked=outcome.worked)
        elif (tree.values[node], tree.statuses[node] == WORKED) != (value, outcome.worked):
            raise ValueError(f"trial {node}: expected the result told before, got {outcome}")

    def cancel(self, trial: Trial) -> None:
        """Gives a trial up: its virtual loss is taken back, and its node is never continued.

        Raises:
            ValueError: the trial is not of this search, or has been told or cancelled.
        """
        self._check(trial)
        self.tree.cancel(trial.node)

    def _check(self, trial: Trial) -> None:
        tree, node = self.tree, trial.node
        if not 0 < node < tree.num_nodes or tree.parents[node] != trial.parent:
            raise ValueError(f"trial: expected one this search handed out, got {trial}")
