import type { Button, Entry, InputHint, Progress } from "../protocol/entry";
import type { Outgoing } from "../protocol/outgoing";
import type { Item, State } from "./state";

export interface Question {
  readonly buttons: readonly Button[];
  readonly input: InputHint | null;
  /** The entry that asks for the input. */
  readonly asking: string | null;
}

/** What the visitor may answer now: the assistant's offers since the visitor, or a person in its place, was last heard. */
export function selectQuestion(state: State): Question {
  const buttons: Button[] = [];
  let input: InputHint | null = null;
  let asking: string | null = null;
  for (const item of newestFirst(state)) {
    if (item.kind === "outgoing" && item.delivery.status === "refused") continue;
    if (item.kind === "outgoing" || item.entry.from !== "assistant") break;
    buttons.unshift(...item.entry.buttons);
    if (input || !item.entry.input) continue;
    input = item.entry.input;
    asking = item.entry.id;
  }
  return { buttons, input, asking };
}

/**
 * The lines that may be tapped to change an earlier answer, with their questions: the last answer to each, while the assistant
 * waits for an input. A finished conversation, a person and a message on its way ask for none.
 */
export function selectChangeable(state: State): ReadonlyMap<string, string> {
  const { input } = selectQuestion(state);
  const lines = new Map<string, string>();
  if (state.phase.kind !== "active" || !input) return lines;
  const questions = new Set([input.question]);
  for (const item of newestFirst(state)) {
    const question = item.kind === "entry" && item.entry.from === "visitor" && item.entry.question;
    if (!question || questions.has(question)) continue;
    questions.add(question);
    lines.set(item.key, question);
  }
  return lines;
}

/** Who of the staff the visitor is talking to: the last to have spoken, until the assistant speaks again. */
export function selectPerson(state: State): Person | null {
  for (const item of newestFirst(state)) {
    if (item.kind !== "entry" || item.entry.from === "visitor") continue;
    // A document that gets ready meanwhile is announced, and the person stays.
    if (item.entry.from === "assistant" && item.entry.attachment) continue;
    return item.entry.from === "staff" ? { name: item.entry.name } : null;
  }
  return null;
}

/** A member of the agency's staff, as far as known. */
export interface Person {
  readonly name: string | null;
}

export function selectProgress(state: State): Progress | null {
  for (const item of newestFirst(state)) {
    if (item.kind === "entry" && item.entry.progress) return item.entry.progress;
  }
  return null;
}

/** Whether the assistant owes an answer, or still its greeting. */
export function selectTyping(state: State): boolean {
  const { phase, items } = state;
  if (phase.kind === "idle" || phase.kind === "unavailable" || selectPerson(state)) return false;
  return items.length === 0 || items.some((item) => item.kind === "outgoing" && item.delivery.status === "sending");
}

/** How many messages to the visitor came since the panel was last open. */
export function selectUnread(state: State): number {
  let count = 0;
  for (const item of newestFirst(state)) {
    if (item.kind !== "entry") continue;
    if (item.entry.id === state.seen) break;
    if (item.entry.from !== "visitor") count += 1;
  }
  return count;
}

export function selectLastEntry(state: State): Entry | null {
  for (const item of newestFirst(state)) {
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

function newestFirst(state: State): readonly Item[] {
  return [...state.items].reverse();
}
