"""Tree search without I/O: a tree as arrays, policies that choose what to continue, and ask/tell on top."""

from harness.search.core import Outcome, Search, Trial
from harness.search.policies import POLICIES, Policy, PolicyConfig, make_policy, softmax_probabilities, uct_scores
from harness.search.tree import FAILED, NO_PARENT, PENDING, ROOT, WORKED, Tree

__all__ = [
    "FAILED",
    "NO_PARENT",
    "PENDING",
    "POLICIES",
    "ROOT",
    "WORKED",
    "Outcome",
    "Policy",
    "PolicyConfig",
    "Search",
    "Tree",
    "Trial",
    "make_policy",
    "softmax_probabilities",
    "uct_scores",
]
