import type { Attachment, Button, Entry, InputHint, Option, Progress, RecapItem, Sender } from "./entry";
import { asList, asObject, asText } from "./json";
import { safeUrl } from "./safeUrl";

/** Reads one transcript entry; null for anything that is not one. Unknown fields are ignored. */
export function parseEntry(value: unknown): Entry | null {
  const json = asObject(value);
  const id = asText(json?.["id"]);
  if (!json || !id) return null;
  return {
    id,
    from: parseSender(json["from"]),
    name: asText(json["name"]).trim() || null,
    text: asText(json["text"]),
    messageId: asText(json["message_id"]) || null,
    question: asText(json["question"]) || null,
    buttons: asList(json["buttons"]).flatMap(parseButton),
    input: parseInput(json["input"]),
    attachment: parseAttachment(json["attachment"]),
    progress: parseProgress(json["progress"]),
  };
}

/** Reads `{"messages": [...]}`. */
export function parseEntries(value: unknown): Entry[] {
  return asList(asObject(value)?.["messages"]).flatMap((item) => parseEntry(item) ?? []);
}

/** Answers to a message name no sender: they are the assistant's. */
function parseSender(value: unknown): Sender {
  return value === "visitor" || value === "staff" ? value : "assistant";
}

function parseButton(value: unknown): Button[] {
  const json = asObject(value);
  const title = asText(json?.["title"]);
  const payload = asText(json?.["payload"]);
  return title && payload ? [{ title, payload }] : [];
}

function parseInput(value: unknown): InputHint | null {
  const json = asObject(value);
  const type = asText(json?.["type"]);
  if (!json || !type) return null;
  return {
    type,
    question: asText(json["question"]),
    options: asList(json["options"]).flatMap(parseOption),
    min: parseBound(json["min"]),
    max: parseBound(json["max"]),
    placeholder: asText(json["placeholder"]) || null,
    current: asText(json["current"]) || null,
    items: asList(json["items"]).flatMap(parseRecapItem),
    mediaTypes: asList(json["media_types"]).flatMap((type) => asText(type) || []),
    note: asText(json["note"]),
  };
}

function parseOption(value: unknown): Option[] {
  const json = asObject(value);
  const title = asText(json?.["title"]);
  return json && title ? [{ title, value: json["value"] ?? title }] : [];
}

function parseRecapItem(value: unknown): RecapItem[] {
  const json = asObject(value);
  const question = asText(json?.["question"]);
  return json && question ? [{ question, label: asText(json["label"]) || question, display: asText(json["display"]) }] : [];
}

function parseBound(value: unknown): number | string | null {
  return typeof value === "number" || (typeof value === "string" && value) ? value : null;
}

function parseAttachment(value: unknown): Attachment | null {
  const json = asObject(value);
  const url = safeUrl(asText(json?.["url"]));
  if (!json || !url) return null;
  return { url, title: asText(json["title"]) || url, mediaType: asText(json["media_type"]) };
}

function parseProgress(value: unknown): Progress | null {
  const json = asObject(value);
  const done = json?.["done"];
  const of = json?.["of"];
  if (typeof done !== "number" || typeof of !== "number" || of <= 0) return null;
  return { done: Math.min(Math.max(done, 0), of), of };
}
