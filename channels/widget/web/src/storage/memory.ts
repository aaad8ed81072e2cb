import { LANGUAGE_NAMES } from "../i18n/languageNames";
import type { Locale } from "../i18n/locale";
import type { Conversation } from "../protocol/conversation";
import { asList, asObject, asText, type Json, parseJson } from "../protocol/json";
import type { Outgoing } from "../protocol/outgoing";

export interface Remembered {
  readonly conversation: Conversation;
  readonly seen: string | null;
}

/**
 * What the visitor's device keeps, from the first opening of the chat on: one conversation for each flow that pages ask for, so
 * that no page goes on with another one's questions, and the device's own things once per widget key.
 */
export interface Memory {
  recall(): Remembered | null;
  remember(conversation: Conversation, seen: string | null): void;
  forget(): void;
  /** The device's own UUID, made when first asked for; it outlives conversations. */
  visitor(): string;
  /** The language the visitor chose in the menu. */
  recallLanguage(): Locale | null;
  rememberLanguage(locale: Locale): void;
  /** Of this tab only: whether the panel is open, and what has not reached the bot yet. */
  recallTab(): { readonly open: boolean; readonly unsent: readonly Outgoing[] };
  rememberTab(open: boolean, unsent: readonly Outgoing[]): void;
  /** The name under which other tabs tell of a change. */
  readonly key: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Storage may be blocked by the browser: the chat then works, and forgets on reload. */
export function createMemory(
  widgetKey: string,
  flow: string | null,
  newId: () => string,
  lasting: () => Storage,
  perTab: () => Storage,
): Memory {
  const agency = `markezy:${widgetKey}`;
  const key = flow === null ? agency : `${agency}:flow:${flow}`;
  const deviceKey = `${agency}:device`;
  const read = (storage: () => Storage, name = key): unknown => {
    try {
      return parseJson(storage().getItem(name) ?? "");
    } catch {
      return null;
    }
  };
  const write = (storage: () => Storage, value: unknown, name = key): void => {
    try {
      if (value === null) storage().removeItem(name);
      else storage().setItem(name, JSON.stringify(value));
    } catch {
      return;
    }
  };
  let held: Json = {};
  const device = (): Json => asObject(read(lasting, deviceKey)) ?? held;
  const keep = (members: Json): void => write(lasting, (held = { ...device(), ...members }), deviceKey);
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
    visitor() {
      const known = asText(device()["visitor"]);
      if (UUID.test(known)) return known;
      const visitor = newId();
      keep({ visitor });
      return visitor;
    },
    recallLanguage: () => localeOf(device()["language"]),
    rememberLanguage: (language) => keep({ language }),
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

function localeOf(value: unknown): Locale | null {
  return asText(value) in LANGUAGE_NAMES ? (value as Locale) : null;
}
