from pathlib import Path

import pytest

from devstack.stack import Stack, StackError


def test_what_a_killed_demo_left_is_not_taken_for_a_ready_one(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text("{}")
    with pytest.raises(StackError, match="the demo ended while waiting"):
        Stack(tmp_path, environment={"MARKEZY_PORT": "eighty"}).start()
