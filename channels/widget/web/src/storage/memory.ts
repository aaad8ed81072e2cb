import type { Conversation } from "../protocol/conversation";
import { asList, asObject, asText, parseJson } from "../protocol/json";
import type { Outgoing } from "../protocol/outgoing";

export interface Remembered {
  readonly conversation: Conversation;
  readonly seen: string | null;
}

/** What the visitor's device keeps, per widget key, from the first opening of the chat on. */
export interface Memory {
  recall(): Remembered | null;
  remember(conversation: Conversation, seen: string | null): void;
  forget(): void;
  /** Of this tab only: whether the panel is open, and what has not reached the bot yet. */
  recallTab(): { readonly open: boolean; readonly unsent: readonly Outgoing[] };
  rememberTab(open: boolean, unsent: readonly Outgoing[]): void;
  /** The name under which other tabs tell of a change. */
  readonly key: string;
}

/** Storage may be blocked by the browser: the chat then works, and forgets on reload. */
export function createMemory(widgetKey: string, lasting: () => Storage, perTab: () => Storage): Memory {
  const key = `markezy:${widgetKey}`;
  const read = (storage: () => Storage): unknown => {
    try {
      return parseJson(storage().getItem(key) ?? "");
    } catch {
      return null;
    }
  };
  const write = (storage: () => Storage, value: unknown): void => {
    try {
      if (value === null) storage().removeItem(key);
      else storage().setItem(key, JSON.stringify(value));
    } catch {
      return;
    }
  };
  return {
    key,
    recall() {
      const json = asObject(read(lasting));
      const id = asText(json?.["conversation_id"]);
      const token = asText(json?.["token"]);
      return id && token ? { conversation: { id, token }, seen: asText(json?.["seen"]) || null } : null;
    },
    remember: ({ id, token }, seen) => write(lasting, { conversation_id: id, token, seen }),
    forget: () => write(lasting, null),
    recallTab() {
      const json = asObject(read(perTab));
      return { open: json?.["open"] === true, unsent: asList(json?.["unsent"]).flatMap(parseOutgoing) };
    },
    rememberTab: (open, unsent) => write(perTab, { open, unsent }),
  };
}

function parseOutgoing(value: unknown): Outgoing[] {
  const json = asObject(value);
  const id = asText(json?.["id"]);
  return json && id ? [{ id, text: asText(json["text"]), payload: asText(json["payload"]) || null }] : [];
}
