"""Tree search without I/O: a tree as arrays, policies that choose what to continue, and ask/tell on top."""

from harness.search.config import PolicyConfig
from harness.search.core import Outcome, Search, Trial
from harness.search.frontier import Frontier, Profile
from harness.search.policies import POLICIES, Policy, PolicyMaker, policy_named
from harness.search.softmax import softmax_probabilities
from harness.search.subtrees import NO_PARENT
from harness.search.tree import CANCELLED, FAILED, PENDING, ROOT, WORKED, Tree

__all__ = [
    "CANCELLED",
    "FAILED",
    "NO_PARENT",
    "PENDING",
    "POLICIES",
    "ROOT",
    "WORKED",
    "Frontier",
    "Outcome",
    "Policy",
    "PolicyConfig",
    "PolicyMaker",
    "Profile",
    "Search",
    "Tree",
    "Trial",
    "policy_named",
    "softmax_probabilities",
]
