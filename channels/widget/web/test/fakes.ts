import type { Entry, InputHint } from "../src/protocol/entry";
import type { Outgoing } from "../src/protocol/outgoing";
import type { Action } from "../src/state/action";
import { reduce } from "../src/state/reduce";
import { INITIAL, type State } from "../src/state/state";

export const CONVERSATION = { id: "c1", token: "t1" };

export function entry(id: string, more: Partial<Entry> = {}): Entry {
  return {
    id,
    from: "assistant",
    text: `text of ${id}`,
    name: null,
    messageId: null,
    question: null,
    buttons: [],
    input: null,
    attachment: null,
    progress: null,
    ...more,
  };
}

export function hint(type: string, more: Partial<InputHint> = {}): InputHint {
  return { type, question: "q", options: [], min: null, max: null, placeholder: null, current: null, items: [], mediaTypes: [], note: "", ...more };
}

export function outgoing(id: string, payload: string | null = null): Outgoing {
  return { id, text: `text of ${id}`, payload };
}

export function after(...actions: readonly Action[]): State {
  return actions.reduce(reduce, INITIAL);
}

/** What stands on the screen, line by line: ids of entries, and messages under way with their status. */
export function screen(state: State): string[] {
  return state.items.map((item) => (item.kind === "entry" ? item.entry.id : `${item.key} ${item.delivery.status}`));
}
