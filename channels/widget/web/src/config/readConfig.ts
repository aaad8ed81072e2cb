import { chooseLocale } from "../i18n/chooseLocale";
import type { Config } from "./config";

const DEFAULT_COLOR = "#4338ca";
const HIDDEN_PREFIX = "data-hidden-";

/** Reads the script tag; null when it carries no widget key or no usable address. */
export function readConfig(script: HTMLScriptElement, page: Document, browserLanguage: string): Config | null {
  const widgetKey = script.dataset["widgetKey"]?.trim();
  const botUrl = botUrlOf(script.src);
  if (!widgetKey || !botUrl) return null;
  const language = script.dataset["locale"] || page.documentElement.lang || browserLanguage || "en";
  return {
    botUrl,
    widgetKey,
    flow: script.dataset["flow"]?.trim() || null,
    locale: chooseLocale(language),
    language: (language.split(/[-_]/)[0] ?? "en").toLowerCase(),
    title: script.dataset["title"]?.trim() || null,
    color: script.dataset["color"]?.trim() || DEFAULT_COLOR,
    position: script.dataset["position"]?.includes("left") ? "left" : "right",
    hidden: hiddenFields(script),
  };
}

function botUrlOf(source: string): string | null {
  try {
    const url = new URL(source);
    return url.origin + url.pathname.replace(/\/webhooks\/widget\/[^/]*$/, "").replace(/\/$/, "");
  } catch {
    return null;
  }
}

/** `data-hidden-campaign-id="7"` becomes `{campaign_id: "7"}`. */
function hiddenFields(script: HTMLScriptElement): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { name, value } of Array.from(script.attributes)) {
    if (name.startsWith(HIDDEN_PREFIX)) fields[name.slice(HIDDEN_PREFIX.length).replace(/-/g, "_")] = value;
  }
  return fields;
}
