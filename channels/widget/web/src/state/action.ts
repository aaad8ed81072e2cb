import type { Conversation } from "../protocol/conversation";
import type { Entry } from "../protocol/entry";
import type { Outgoing } from "../protocol/outgoing";

/** Everything that can happen to the widget, past tense. */
export type Action =
  | { readonly type: "opened" }
  | { readonly type: "closed" }
  | { readonly type: "start_requested"; readonly notice: string | null }
  | { readonly type: "start_failed"; readonly reason: string; readonly again: "retry" | "anew" }
  | { readonly type: "started"; readonly conversation: Conversation; readonly entries: readonly Entry[] }
  | { readonly type: "resumed"; readonly conversation: Conversation; readonly seen: string | null; readonly unsent: readonly Outgoing[] }
  | { readonly type: "log_read"; readonly entries: readonly Entry[]; readonly cursor: string | null }
  | { readonly type: "progressed"; readonly making: string }
  | { readonly type: "answered"; readonly id: string; readonly entries: readonly Entry[] }
  | { readonly type: "composed"; readonly outgoing: Outgoing }
  | { readonly type: "attempted"; readonly id: string }
  | { readonly type: "not_sent"; readonly id: string }
  | { readonly type: "refused"; readonly id: string; readonly reason: string | null }
  | { readonly type: "seen"; readonly id: string | null }
  | { readonly type: "noticed"; readonly notice: string }
  | { readonly type: "restart_asked" }
  | { readonly type: "restart_cancelled" }
  | { readonly type: "notice_dismissed" };
