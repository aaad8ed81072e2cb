import type { Config } from "../config/config";
import type { Page } from "../config/readPage";
import type { Conversation } from "./conversation";
import type { Entry } from "./entry";
import { asObject, asText } from "./json";
import type { Outgoing } from "./outgoing";
import { parseEntries } from "./parseEntry";
import { type Fetch, request } from "./request";
import type { Result } from "./result";

export interface Started {
  readonly conversation: Conversation;
  readonly entries: readonly Entry[];
}

/** The widget protocol of one bot. */
export interface Client {
  start(page: Page): Promise<Result<Started>>;
  send(conversation: Conversation, outgoing: Outgoing): Promise<Result<Entry[]>>;
  transcript(conversation: Conversation, after: string | null): Promise<Result<Entry[]>>;
  eventsUrl(conversation: Conversation, after: string | null): string;
}

export function createClient(config: Config, fetch: Fetch): Client {
  const root = `${config.botUrl}/webhooks/widget/conversations`;
  const path = (conversation: Conversation, leaf: string) => `${root}/${encodeURIComponent(conversation.id)}/${leaf}`;
  const bearer = (conversation: Conversation) => ({ Authorization: `Bearer ${conversation.token}` });
  const json = { "Content-Type": "application/json" };

  return {
    start(page) {
      const { widgetKey, language, hidden } = config;
      const body = JSON.stringify({ widget_key: widgetKey, locale: language, page, hidden });
      return request(fetch, root, { method: "POST", headers: json, body }, parseStarted);
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
  };
}

function parseStarted(body: unknown): Started | null {
  const json = asObject(body);
  const id = asText(json?.["conversation_id"]);
  const token = asText(json?.["token"]);
  return id && token ? { conversation: { id, token }, entries: parseEntries(body) } : null;
}
