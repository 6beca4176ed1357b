import subprocess
import sys

import pytest

from harness.core.conversation import Message
from harness.core.errors import ConfigError
from harness.llm.model import ModelRequest
from tests.llm.fakes import request


def test_digest_depends_on_everything_but_the_seed():
    base = request()
    assert request(seed=5).digest == base.digest
    others = [
        request("bye"),
        request(purpose="judge"),
        request(max_tokens=7),
        request(temperature=0.5),
        request(stop=("x",)),
    ]
    assert len({base.digest, *(other.digest for other in others)}) == 6


def test_digest_is_the_same_in_another_process():
    code = "from tests.llm.fakes import request; print(request('ü').digest)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert found == request("ü").digest


@pytest.mark.parametrize(
    "fields",
    [
        {"messages": ()},
        {"messages": (Message("system", "rules"),)},
        {"messages": (Message("user", "x"),), "purpose": "poem"},
        {"messages": (Message("user", "x"),), "max_tokens": 0},
    ],
)
def test_unusable_requests_are_refused(fields):
    with pytest.raises(ConfigError, match="expected"):
        ModelRequest(**fields)
