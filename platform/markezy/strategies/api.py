"""The door to strategies: what a lead got and what became of it, the PDF, the summary for a CRM, what comes with the product,
the agency's documents as PDF; what strategies are written from, and how it is changed; and what an agency sets up: its brand, its
language model, whom no mail goes to.

All functions but `render_document` and `try_model` take a connection whose transaction is scoped to the tenant and never commit. Writing,
rendering and sending is the tasks' work; what is asked for here (another edition, a decision on one that was held) they do afterwards.
"""

from collections.abc import Collection
from html import escape
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.errors import Conflict, NotFound
from markezy.kernel.mail import is_address
from markezy.leads import api as leads
from markezy.strategies import repository
from markezy.strategies.branding import BrandValues, brand_of, in_brand, logo_of, save_brand
from markezy.strategies.checks import Finding
from markezy.strategies.delivery import suppression
from markezy.strategies.delivery.leaving import WayOut, way_out
from markezy.strategies.delivery.reports import LARGEST_REPORT as LARGEST_MAIL_REPORT
from markezy.strategies.delivery.returned import take as take_mail_report
from markezy.strategies.delivery.suppression import Reason as SuppressionReason
from markezy.strategies.delivery.suppression import Suppression
from markezy.strategies.delivery.suppression import add as suppress_mail
from markezy.strategies.delivery.suppression import counts as count_suppressions
from markezy.strategies.delivery.suppression import find as find_suppression
from markezy.strategies.delivery.suppression import lift as lift_suppression
from markezy.strategies.enrichment.configuring import AddressRefused, KeyMissing, ModelValues
from markezy.strategies.enrichment.configuring import Standing as ModelStanding
from markezy.strategies.enrichment.configuring import configure as configure_model
from markezy.strategies.enrichment.configuring import forget as forget_model
from markezy.strategies.enrichment.configuring import standing as model_standing
from markezy.strategies.enrichment.repository import find_settings
from markezy.strategies.enrichment.settings import ENRICHABLE, ModelSettings
from markezy.strategies.enrichment.trying import BUDGET, Tried
from markezy.strategies.enrichment.trying import ask as try_model
from markezy.strategies.enrichment.trying import prepare as prepare_model_trial
from markezy.strategies.formats import Formats
from markezy.strategies.layers.layer import LANGUAGES, PARTS, PLAN
from markezy.strategies.layers.shipped import sectors
from markezy.strategies.model import (
    LARGEST_LOGO,
    PDF,
    Agency,
    CrmStrategy,
    Delivery,
    DocumentKind,
    Outcome,
    OutcomeKind,
    OutcomeSource,
    StrategySummary,
)
from markezy.strategies.outcomes import record_outcome
from markezy.strategies.production.asking import ask_for_next
from markezy.strategies.production.deciding import Waiting, approve, count_waiting, discard
from markezy.strategies.production.deciding import queue as review_queue
from markezy.strategies.production.drafting import NotWritable
from markezy.strategies.production.explaining import Explained, Provenance, anchor_of, explain
from markezy.strategies.production.kept import open_strategy
from markezy.strategies.production.renewing import Renewal, compare
from markezy.strategies.production.standing import Standing, Step, standing_of
from markezy.strategies.rendering.logo import kind_of as logo_kind
from markezy.strategies.rendering.markup import summary_html
from markezy.strategies.rendering.palette import palette
from markezy.strategies.rendering.pdf import Document, NotRenderable
from markezy.strategies.rendering.pdf import render as render_document
from markezy.strategies.sample import sample_of
from markezy.strategies.shipped_brands import shipped_brand
from markezy.strategies.tables import strategy
from markezy.strategies.typefaces import Typeface, typefaces
from markezy.strategies.versions import stacks
from markezy.strategies.versions.adding import add_version as add_template_version
from markezy.strategies.versions.adopting import Adopted, adopt, product_files
from markezy.strategies.versions.diff import Change as TemplateChange
from markezy.strategies.versions.diff import diff as template_changes
from markezy.strategies.versions.figures import PartFigures, figures_of, pair_of
from markezy.strategies.versions.history import History, history_of, newest_version, version_at
from markezy.strategies.versions.model import PRODUCT, PartInForce, Place, ProductFile, Release, Share
from markezy.strategies.versions.model import Format as TemplateFormat
from markezy.strategies.versions.model import Version as TemplateVersion
from markezy.strategies.versions.model import VersionSummary as TemplateSummary
from markezy.strategies.versions.overriding import with_value as with_text
from markezy.strategies.versions.overriding import without as without_text
from markezy.strategies.versions.overview import Overview, overview_of
from markezy.strategies.versions.performance import MEASURED
from markezy.strategies.versions.previewing import Preview, preview
from markezy.strategies.versions.releasing import LARGEST_WEIGHT, MOST_VERSIONS
from markezy.strategies.versions.releasing import experiment as start_experiment
from markezy.strategies.versions.releasing import publish as publish_template
from markezy.strategies.versions.releasing import rollback as roll_template_back
from markezy.strategies.versions.texts import Wording, WordingGroup, texts_in_force, versions_below
from markezy.strategies.writing import document_json

__all__ = [
    "BUDGET", "ENRICHABLE", "LANGUAGES", "LARGEST_LOGO", "LARGEST_MAIL_REPORT", "LARGEST_WEIGHT", "MEASURED",
    "MOST_VERSIONS", "PARTS", "PDF", "PLAN", "PRODUCT", "AddressRefused", "Adopted", "Agency", "BrandValues",
    "CrmStrategy", "Delivery", "Document", "Explained", "Finding", "Formats", "History", "KeyMissing", "ModelSettings",
    "ModelStanding", "ModelValues", "NotRenderable", "Outcome", "OutcomeKind", "OutcomeSource", "Overview",
    "PartFigures", "PartInForce", "Place", "Preview", "ProductFile", "Provenance", "Release", "Renewal", "Share",
    "Standing", "Step", "StrategySummary", "Suppression", "SuppressionReason", "TemplateChange", "TemplateFormat",
    "TemplateSummary", "TemplateVersion", "Tried", "Typeface", "Waiting", "WayOut", "Wording", "WordingGroup",
    "add_template_version", "adopt", "anchor_of", "approve", "ask_for_next", "brand_of", "briefing", "changes_since",
    "configure_model", "count_suppressions", "count_waiting", "discard", "explained", "figures_of", "find_suppression",
    "forget_lead", "forget_model", "get_strategy", "history_of", "html", "ids_of_leads", "in_brand", "language_model",
    "languages", "lift_suppression", "logo_kind", "logo_of", "model_settings", "model_standing", "newest_version",
    "of_lead", "overview_of", "pair_of", "palette", "pdf", "prepare_model_trial", "preview", "product_files",
    "publish_template", "record_outcome", "render_document", "review_queue", "roll_template_back", "sample_of",
    "save_brand", "sectors", "shipped_brand", "standing_of", "start_experiment", "summary_for_crm", "suppress_mail",
    "take_mail_report", "template_changes", "texts_in_force", "try_model", "typefaces", "version_at", "versions_below",
    "way_out", "why_no_mail", "with_text", "without_text",
]  # fmt: skip

_LONGEST_SUMMARY = 60_000
"""HubSpot's notes hold 65,536 characters."""


def of_lead(connection: Connection, tenant_id: UUID, lead_id: UUID) -> list[StrategySummary]:
    """The lead's strategies, newest first; none for a lead who has none."""
    return repository.summaries(connection, tenant_id, strategy.c.lead_id == lead_id)


def get_strategy(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> StrategySummary:
    """One strategy; NotFound when there is none."""
    found = repository.summaries(connection, tenant_id, strategy.c.id == strategy_id)
    if not found:
        raise NotFound("There is no such strategy.")
    return found[0]


def pdf(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> bytes:
    """The strategy's PDF; NotFound when there is none yet."""
    body = repository.find_document(connection, tenant_id, strategy_id)
    if body is None:
        raise NotFound("There is no PDF of this strategy yet.")
    return body


def briefing(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> bytes:
    """What the team gets beside the strategy, as a PDF; NotFound when there is none yet."""
    body = repository.find_document(connection, tenant_id, strategy_id, DocumentKind.BRIEFING)
    if body is None:
        raise NotFound("There is no briefing for this strategy yet.")
    return body


def model_settings(connection: Connection, tenant_id: UUID) -> ModelSettings | None:
    """The language model as it is configured, switched on or off; None when there is none."""
    return find_settings(connection, tenant_id)


def language_model(connection: Connection, tenant_id: UUID) -> ModelSettings | None:
    """The language model that rephrases the agency's strategies; None when there is none, or it is switched off."""
    found = find_settings(connection, tenant_id)
    return found if found is not None and found.active else None


def explained(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> Explained:
    """What was written and where each block of it came from; NotFound when that is not kept (production/kept.py)."""
    return explain(open_strategy(connection, tenant_id, strategy_id))


def changes_since(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> Renewal:
    """What another edition would say otherwise today. NotFound as above, Conflict when none can be written today."""
    try:
        return compare(connection, tenant_id, open_strategy(connection, tenant_id, strategy_id))
    except NotWritable as error:
        raise Conflict(f"No other edition can be written with the templates in force: {error}") from error


def html(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> str:
    """The strategy as it was written, before it became a PDF; empty once its lead was erased."""
    found = repository.find_strategy(connection, tenant_id, strategy_id)
    return "" if found is None else found.html


def ids_of_leads(connection: Connection, tenant_id: UUID, lead_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """By strategy whose it is, for these leads' strategies."""
    return repository.ids_of_leads(connection, tenant_id, lead_ids) if lead_ids else {}


def languages(connection: Connection, tenant_id: UUID, sector: str) -> frozenset[str]:
    """The languages in which the agency has strategies written for this sector."""
    return stacks.languages_in_force(connection, tenant_id, sector)


def why_no_mail(connection: Connection, tenant_id: UUID, address: str) -> str | None:
    """Why nothing is to be sent to the address: `unsubscribed`, `bounced` or `complained`. None when it may get mail, or is no address."""
    found = suppression.find(connection, tenant_id, address) if is_address(address) else None
    return None if found is None else found.reason.value


def forget_lead(connection: Connection, tenant_id: UUID, lead_id: UUID) -> dict[str, int]:
    """Remove what was written for the lead; how many strategies, documents and deliveries that were."""
    return repository.forget_lead(connection, tenant_id, lead_id)


def summary_for_crm(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> CrmStrategy:
    """What a CRM is told: the strategy's first section and the lead's answers as simple HTML. NotFound when there is none."""
    found = repository.find_strategy(connection, tenant_id, strategy_id)
    if found is None:
        raise NotFound("There is no such strategy.")
    lead = leads.qualified(connection, tenant_id, found.lead_id)
    summary = summary_html(document_json.from_json(found.document)) if found.document else ""
    parts = [f"<h3>{escape(found.title)}</h3>", summary, "<ul>"]
    length = sum(map(len, parts))
    for answer in lead.answers:
        item = f"<li><b>{escape(answer.label)}:</b> {escape(answer.display)}</li>"
        length += len(item)
        if length > _LONGEST_SUMMARY:
            break
        parts.append(item)
    return CrmStrategy(strategy_id, found.title, "".join([*parts, "</ul>"]), lead)
