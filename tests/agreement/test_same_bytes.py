"""The same request under the same release gives the same bytes, in whichever process it is answered."""

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
#: Loads the rulebook from its files, answers every second worked example, and prints one hash of it all.
_ANSWERING = """
import hashlib
from pathlib import Path
from app.evaluation import EvaluateRequest, Evaluator, plain
from app.rulebook import answers_of, load

book = load(Path("rules"))
evaluator = Evaluator(book, cache_entries=0)
digest = hashlib.sha256(book.content_hash.encode())
for code, topic in book.topics.items():
    for place, case in enumerate(topic.cases[::2]):
        facts = {str(fact): plain(topic.facts[fact], value) for fact, value in answers_of(topic, case).items()}
        lang = ("zh-CN", "en")[place % 2]
        request = EvaluateRequest(code, facts, case.as_of, lang)
        digest.update(evaluator.evaluate(request, case.as_of).body)
print(digest.hexdigest())
"""


def _answering(seed: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", _ANSWERING]
    return subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_no_answer_hangs_on_the_order_of_a_set() -> None:
    """Python orders sets of text anew in each process; these two seeds once told a condition's parts differently."""
    one, other = _answering("10"), _answering("11")

    answered, again = one.communicate()[0], other.communicate()[0]

    assert (one.returncode, other.returncode) == (0, 0)
    assert answered == again
