import pytest

from harness import Conversation, Message
from harness.core.errors import ConfigError


def test_append_leaves_the_old_one_as_it_was():
    first = Conversation([{"role": "system", "content": "Play."}])
    second = first.append(Message("user", "Go."), {"role": "assistant", "content": "x = 1"})
    assert len(first.messages) == 1
    assert [message.role for message in second.messages] == ["system", "user", "assistant"]


def test_plain_data_round_trip():
    conversation = Conversation(messages=[Message("user", "Hallo, Wörld\n")])
    assert Conversation.from_json(conversation.to_json()) == conversation


@pytest.mark.parametrize("message", [{"role": "bot", "content": ""}, {"role": "user"}, "hello", 3])
def test_a_malformed_message_is_refused(message):
    with pytest.raises(ConfigError, match="expected"):
        Conversation([message])
