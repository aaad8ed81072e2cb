import type { Conversation } from "../protocol/conversation";
import type { Entry } from "../protocol/entry";
import type { Outgoing } from "../protocol/outgoing";

/** The life of the connection to a conversation. `idle`: the visitor never opened the chat, and nothing was stored. */
export type Phase =
  | { readonly kind: "idle" }
  | { readonly kind: "starting" }
  | { readonly kind: "resuming"; readonly conversation: Conversation }
  | { readonly kind: "active"; readonly conversation: Conversation }
  | { readonly kind: "unavailable"; readonly reason: string; readonly again: "retry" | "anew" };

/** The way of a visitor's message to the bot. `queued` was never tried; `retrying` may have arrived without our knowing. */
export type Delivery =
  | { readonly status: "queued" }
  | { readonly status: "sending" }
  | { readonly status: "retrying" }
  | { readonly status: "delivered" }
  | { readonly status: "refused"; readonly reason: string | null };

/** A line on the screen. The key stays the same when a message we sent comes back as an entry of the transcript. */
export type Item =
  | { readonly kind: "entry"; readonly key: string; readonly entry: Entry }
  | { readonly kind: "outgoing"; readonly key: string; readonly outgoing: Outgoing; readonly delivery: Delivery };

export interface State {
  readonly phase: Phase;
  readonly open: boolean;
  readonly items: readonly Item[];
  /** The last entry read from the log itself; answers do not move it, since earlier news may be missing between them. */
  readonly cursor: string | null;
  /** How far the visitor's strategy has come: the words, a line break, the percentage; empty when none is made. */
  readonly making: string;
  /** The last entry shown in an open panel. */
  readonly seen: string | null;
  readonly notice: string | null;
  readonly confirmingRestart: boolean;
}

export const INITIAL: State = {
  phase: { kind: "idle" },
  open: false,
  items: [],
  cursor: null,
  making: "",
  seen: null,
  notice: null,
  confirmingRestart: false,
};
