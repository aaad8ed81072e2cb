import type { Config } from "../config/config";
import type { Conversation } from "./conversation";
import type { Entry } from "./entry";
import { asObject, asText } from "./json";
import type { Outgoing } from "./outgoing";
import { parseEntries } from "./parseEntry";
import type { Opening } from "./opening";
import { type Fetch, request } from "./request";
import type { Result } from "./result";
import type { UploadTarget } from "./uploadFile";

export interface Started {
  readonly conversation: Conversation;
  readonly entries: readonly Entry[];
}

/** The widget protocol of one bot. */
export interface Client {
  start(opening: Opening): Promise<Result<Started>>;
  /** A resume link's token for the right to speak in its conversation. */
  resume(linkToken: string): Promise<Result<Conversation>>;
  send(conversation: Conversation, outgoing: Outgoing): Promise<Result<Entry[]>>;
  transcript(conversation: Conversation, after: string | null): Promise<Result<Entry[]>>;
  eventsUrl(conversation: Conversation, after: string | null): string;
  /** Where a file goes that answers a question. */
  uploadTarget(conversation: Conversation, question: string, name: string): UploadTarget;
}

export function createClient(config: Config, fetch: Fetch): Client {
  const widget = `${config.botUrl}/webhooks/widget`;
  const root = `${widget}/conversations`;
  const path = (conversation: Conversation, leaf: string) => `${root}/${encodeURIComponent(conversation.id)}/${leaf}`;
  const bearer = (conversation: Conversation) => ({ Authorization: `Bearer ${conversation.token}` });
  const json = { "Content-Type": "application/json" };

  return {
    start({ id, visitor, language, page }) {
      const { widgetKey, flow, hidden } = config;
      const body = JSON.stringify({ widget_key: widgetKey, ...(flow !== null && { flow }), locale: language, page, hidden, visitor });
      return request(fetch, root, { method: "POST", headers: { ...json, "Idempotency-Key": id }, body }, parseStarted);
    },
    resume(linkToken) {
      const body = JSON.stringify({ token: linkToken });
      return request(fetch, `${widget}/resume`, { method: "POST", headers: json, body }, parseConversation);
    },
    send(conversation, { id, text, payload }) {
      const body = JSON.stringify(payload === null ? { id, text } : { id, payload });
      const headers = { ...json, ...bearer(conversation) };
      return request(fetch, path(conversation, "messages"), { method: "POST", headers, body }, parseEntries);
    },
    transcript(conversation, after) {
      const query = after ? `?after=${encodeURIComponent(after)}` : "";
      return request(fetch, path(conversation, "messages") + query, { headers: bearer(conversation) }, parseEntries);
    },
    // An EventSource cannot carry a header, so the token travels in the address.
    eventsUrl(conversation, after) {
      const query = new URLSearchParams({ token: conversation.token });
      if (after) query.set("after", after);
      return `${path(conversation, "events")}?${query.toString()}`;
    },
    uploadTarget(conversation, question, name) {
      const query = new URLSearchParams({ question, name });
      return { url: `${path(conversation, "files")}?${query.toString()}`, token: conversation.token };
    },
  };
}

function parseStarted(body: unknown): Started | null {
  const conversation = parseConversation(body);
  return conversation && { conversation, entries: parseEntries(body) };
}

function parseConversation(body: unknown): Conversation | null {
  const json = asObject(body);
  const id = asText(json?.["conversation_id"]);
  const token = asText(json?.["token"]);
  return id && token ? { id, token } : null;
}
