"""Every table's class (docs/decisions/0011-trusted-record.md): a new one is a decision, written down here and in the record."""

import re
from pathlib import Path

import psycopg
from markezy.commands.replay import READ_MODELS

RECORD = Path(__file__).resolve().parents[2] / "docs" / "decisions" / "0011-trusted-record.md"

CLASSES: dict[str, frozenset[str]] = {
    "log": frozenset({"event", "stream_head", "audit_entry"}),
    "read model": frozenset({"lead", "lead_answer", "blind_index", "consent_receipt"}),
    "work in progress": frozenset({
        "conversation", "inbox", "upload", "outbox", "projection_cursor", "idempotency_key", "strategy", "strategy_document",
        "strategy_outcome", "strategy_model_spend", "delivery", "crm_sync", "crm_look_back", "handover", "handover_news",
        "resume_letter", "erasure", "lead_export", "retention_run", "invitation", "password_reset",
    }),
    "source": frozenset({
        "tenant", "tenant_plan", "tenant_key", "lead_key", "widget_key", "api_key", "staff_user", "staff_session", "staff_totp",
        "staff_recovery_code", "flow", "flow_version", "flow_draft", "flow_publication", "experiment", "experiment_variant",
        "strategy_template_version", "strategy_template_release", "strategy_composition", "mail_suppression", "consent_text",
        "consent_question", "crm_connection", "strategy_model", "handover_settings", "resuming_settings", "retention_policy",
    }),
}  # fmt: skip


def test_every_table_has_one_class(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, dbname="markezy_template") as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND relname <> 'alembic_version'"
        ).fetchall()
    listed = [table for tables in CLASSES.values() for table in tables]
    assert sorted(listed) == sorted(name for (name,) in rows)


def test_what_replay_makes_anew_are_the_read_models() -> None:
    rebuilt = [table for model in READ_MODELS.values() for table in model.tables]
    assert sorted(rebuilt) == sorted(CLASSES["read model"])


def test_the_record_says_the_same() -> None:
    rows = re.findall(r"^\| ([a-z ]+) \| (.*) \| [^|]* \|$", RECORD.read_text(encoding="utf-8"), re.MULTILINE)
    told = {name: frozenset(re.findall(r"`([a-z_]+)`", tables)) for name, tables in rows if name != "class"}
    assert told == CLASSES
