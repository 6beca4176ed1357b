"""The library without an experiment file: two embedded servers to play on, a third as the holdout, and a search.

Run with `.venv/bin/python examples/usage.py`. With a key and a real model, change the name given to `LLMFactory`.
"""

import contextlib
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import anyio

from harness import MCTS, Conversation, FactorioEvaluator, FactorioInstance, GameState, LLMFactory, Program
from harness.mod import mod_directory

PORTS = (27000, 27001, 27002)


@contextlib.contextmanager
def servers(password: str) -> Iterator[None]:
    """Embedded servers on the ports of a real pool; `FactorioInstance` waits until they answer."""
    with contextlib.ExitStack() as stack:
        secret = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "rcon-password"
        secret.touch(mode=0o600)
        secret.write_text(password)
        subprocess.run([sys.executable, "-m", "harness.simulator.warm"], check=True, stdout=subprocess.DEVNULL)
        for port in PORTS:
            command = [sys.executable, "-m", "harness.simulator", "--rcon-bind", f"127.0.0.1:{port}"]
            command += ["--rcon-password-file", str(secret), "--mod-directory", str(mod_directory().parent)]
            process = stack.enter_context(subprocess.Popen([*command, "--exit-with-parent"], stdout=subprocess.DEVNULL))
            stack.callback(process.terminate)
        yield


async def main() -> None:
    """Evaluates two programs by hand, then lets a search write its own."""
    password = secrets.token_urlsafe()
    with servers(password), contextlib.ExitStack() as stack:
        instances = []
        for port in PORTS:
            instance = FactorioInstance(
                address="localhost",
                tcp_port=port,
                bounding_box=200,
                fast=True,
                cache_scripts=True,
                inventory={"coal": 50, "burner-mining-drill": 3, "wooden-chest": 2, "stone-furnace": 1},
                rcon_password=password,
            )
            instances.append(stack.enter_context(instance))

        reward, result, response = instances[0].eval("print(nearest(Resource.IronOre))", timeout=60)
        print(f"reward {reward:.1f}, {result.status}: {response}")

        evaluator = FactorioEvaluator(instances)
        initial_state = GameState.from_instance(instances[0])
        conversation = Conversation(messages=[{"role": "user", "content": "Collect iron ore."}])
        drill = """
ore = nearest(Resource.IronOre)
move_to(ore)
drill = place_entity(Prototype.BurnerMiningDrill, position=ore, direction=Direction.DOWN)
drill = insert_item(Prototype.Coal, drill, quantity=5)
chest = place_entity(Prototype.WoodenChest, position=drill.drop_position)
"""
        programs = [
            Program(code=code, conversation=conversation, value=0.0, visits=0, state=initial_state)
            for code in (drill, "sleep(5)")
        ]
        values, _states, responses = evaluator.evaluate_programs(programs, timeout=60)
        for value, text in zip(values, responses, strict=True):
            print(f"advantage {value:.1f} {text}")

        llm = LLMFactory("scripted/builder")
        mcts = MCTS(llm, evaluator, initial_state)
        best = await mcts.search(n_iterations=2, samples_per_iteration=2, timeout=60)
        for program in best[:3]:
            print(f"value {program.value:.1f} by {program.model}")


if __name__ == "__main__":
    anyio.run(main)
