from harness.core.seeds import derive_seed, stream


def test_streams_are_named_and_independent():
    assert derive_seed(1, "search", 0) != derive_seed(1, "search", 1)
    assert derive_seed(1, "search", 0) != derive_seed(2, "search", 0)
    assert derive_seed(1, "a", "b") != derive_seed(1, "a/b")
    assert derive_seed(1, 2) != derive_seed(1, "2")


def test_a_stream_is_the_same_in_every_process():
    assert derive_seed(7, "llm", 3) == 8564386360381568640
    assert stream(7, "x").random() == stream(7, "x").random()
    assert 0 <= derive_seed(7, "x") < 2**63
