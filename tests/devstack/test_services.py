import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

REPORT = """
import json, os, psycopg, redis
url = os.environ["MARKEZY_TEST_POSTGRES_URL"].rsplit("/", 1)[0]
with psycopg.connect(f"{url}/markezy_template") as connection:
    tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()[0]
host = url.rpartition("@")[2]
with psycopg.connect(f"postgresql://markezy_app:test@{host}/markezy_template") as connection:
    visible = connection.execute("SELECT count(*) FROM tenant").fetchone()[0]
try:
    psycopg.connect(f"postgresql://markezy_app:wrong@{host}/markezy_template")
    refused = False
except psycopg.OperationalError:
    refused = True
answer = redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
print(json.dumps({"tables": tables, "visible": visible, "refused": refused, "redis": answer}))
raise SystemExit(7)
"""


def run_services(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "platform")))}
    return subprocess.run(
        [sys.executable, "-m", "devstack.services", "--", *command],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_a_command_finds_migrated_databases_and_its_exit_code_is_passed_on() -> None:
    result = run_services(sys.executable, "-c", REPORT)
    assert result.returncode == 7, result.stderr
    report = json.loads(result.stdout.splitlines()[-1])
    assert report["tables"] > 5
    assert report == {"tables": report["tables"], "visible": 0, "refused": True, "redis": True}


def test_a_command_that_does_not_exist_is_said_so() -> None:
    result = run_services("no-such-command")
    assert result.returncode == 1
    assert "cannot run no-such-command" in result.stderr
