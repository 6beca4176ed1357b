"""The search by itself: hands out trials, takes results in any order, does no I/O.

Chance is drawn from a stream named by (seed, number of the node about to be made), so a search given back the results
of an earlier one goes on exactly as that one would have.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.core.seeds import stream
from harness.search.config import PolicyConfig
from harness.search.frontier import Frontier, Profile
from harness.search.policies import Policy, PolicyMaker, policy_named
from harness.search.tree import CANCELLED, PENDING, ROOT, WORKED, Tree


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
        state_key: hash of the world after it; nodes told with equal ones share statistics (`harness.search.worlds`).
            `None` shares with none.
        static, dynamic: what was made by hand and by machines, item or fluid -> amount; empty if that is not known.
        prior: weight among its siblings before it was tried, such as a judge's; above 0.
    """

    value: float
    worked: bool = True
    state_key: str | None = None
    static: Mapping[str, float] = field(default_factory=dict)
    dynamic: Mapping[str, float] = field(default_factory=dict)
    prior: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.prior < math.inf:
            raise ValueError(f"prior: expected a finite number above 0, got {self.prior}")


class Search:
    """Grows a tree by ask and tell.

    Args:
        policy: a name in `POLICIES`, or what makes a policy.
        seed: root of all chance.
        config: of the policy.
        failed_value: what a failed trial counts as in the backed-up means; 0 is the worth of waiting.
        root_key: hash of the world at the root, as in `Outcome.state_key`.

    Attributes:
        tree: the tree; read only.
    """

    def __init__(
        self,
        policy: str | PolicyMaker = "softmax",
        seed: int = 0,
        *,
        config: PolicyConfig | None = None,
        failed_value: float = 0.0,
        root_key: str | None = None,
    ) -> None:
        self._seed = seed
        self._failed_value = failed_value
        self.tree = Tree.planted(state_key=root_key)
        config = config or PolicyConfig()
        self._frontier = Frontier(self.tree, config)
        maker = policy_named(policy) if isinstance(policy, str) else policy
        self._policy: Policy = maker(self._frontier, config)

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
        return self._policy.select(stream(self._seed, "select", self.tree.num_nodes))

    def branch(self, parent: int) -> Trial:
        """A new trial below a parent of the caller's choice, such as the next chunk below the one before it.

        The parent may be pending; it need not have room.

        Raises:
            ValueError: there is no such node, or it was cancelled.
        """
        tree = self.tree
        if not 0 <= parent < tree.num_nodes:
            raise ValueError(f"parent: expected a node in 0..{tree.num_nodes - 1}, got {parent}")
        if tree.statuses[parent] == CANCELLED:
            raise ValueError(f"parent: expected a node that is awaited or was told, got {parent}, which was cancelled")
        node = tree.add(parent)
        self._frontier.asked(node)
        return Trial(node=node, parent=parent)

    def tell(self, trial: Trial, outcome: Outcome) -> None:
        """Takes a trial's result; telling the same again changes nothing.

        Raises:
            ValueError: the trial is not of this search, was told another result before, or was cancelled.
        """
        tree, node = self.tree, self._node(trial)
        value = outcome.value if outcome.worked else self._failed_value
        status = tree.statuses[node]
        if status == CANCELLED:
            raise ValueError(f"trial {node}: expected one that is awaited, got one that was cancelled")
        if status != PENDING:
            self._expect_told(node, outcome, value)
            return
        key = outcome.state_key if outcome.worked else None
        tree.settle(node, value, worked=outcome.worked, state_key=key, prior=outcome.prior)
        if outcome.static or outcome.dynamic:
            self._frontier.profiles[node] = Profile(outcome.static, outcome.dynamic)
        self._frontier.ended(node)

    def cancel(self, trial: Trial) -> None:
        """Gives a trial up whose result will never come; its node stays, and is never continued.

        Cancelling again changes nothing.

        Raises:
            ValueError: the trial is not of this search, or was told.
        """
        tree, node = self.tree, self._node(trial)
        if tree.statuses[node] == CANCELLED:
            return
        if tree.statuses[node] != PENDING:
            raise ValueError(f"trial {node}: expected one that is awaited, got one that was told")
        tree.cancel(node)
        self._frontier.ended(node)

    def _expect_told(self, node: int, outcome: Outcome, value: float) -> None:
        tree = self.tree
        told = (tree.values[node], tree.statuses[node] == WORKED, tree.priors[node])
        if told != (value, outcome.worked, outcome.prior):
            raise ValueError(f"trial {node}: expected the result told before, got {outcome}")

    def _node(self, trial: Trial) -> int:
        node = trial.node
        if not ROOT < node < self.tree.num_nodes or self.tree.parents[node] != trial.parent:
            raise ValueError(f"trial: expected one this search handed out, got {trial}")
        return node
