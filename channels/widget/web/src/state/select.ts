import type { Button, Entry, InputHint, Progress } from "../protocol/entry";
import type { Outgoing } from "../protocol/outgoing";
import type { State } from "./state";

export interface Question {
  readonly buttons: readonly Button[];
  readonly input: InputHint | null;
}

/** What the visitor may answer now: the offers made since the visitor was last heard. */
export function selectQuestion(state: State): Question {
  const buttons: Button[] = [];
  let input: InputHint | null = null;
  for (const item of [...state.items].reverse()) {
    if (item.kind === "outgoing" && item.delivery.status === "refused") continue;
    if (item.kind === "outgoing" || item.entry.from === "visitor") break;
    buttons.unshift(...item.entry.buttons);
    input ??= item.entry.input;
  }
  return { buttons, input };
}

export function selectProgress(state: State): Progress | null {
  for (const item of [...state.items].reverse()) {
    if (item.kind === "entry" && item.entry.progress) return item.entry.progress;
  }
  return null;
}

/** Whether the assistant owes an answer, or still its greeting. */
export function selectTyping({ phase, items }: State): boolean {
  if (phase.kind === "idle" || phase.kind === "unavailable") return false;
  return items.length === 0 || items.some((item) => item.kind === "outgoing" && item.delivery.status === "sending");
}

/** How many messages to the visitor came since the panel was last open. */
export function selectUnread(state: State): number {
  let count = 0;
  for (const item of [...state.items].reverse()) {
    if (item.kind !== "entry") continue;
    if (item.entry.id === state.seen) break;
    if (item.entry.from !== "visitor") count += 1;
  }
  return count;
}

export function selectLastEntry(state: State): Entry | null {
  for (const item of [...state.items].reverse()) {
    if (item.kind === "entry") return item.entry;
  }
  return null;
}

/** What must still reach the bot, in order. */
export function selectUnsent(state: State): readonly Outgoing[] {
  return state.items.flatMap((item) =>
    item.kind === "outgoing" && ["queued", "sending", "retrying"].includes(item.delivery.status) ? [item.outgoing] : [],
  );
}
