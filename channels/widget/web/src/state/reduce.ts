import type { Action } from "./action";
import { mergeEntries } from "./mergeEntries";
import { INITIAL, type Delivery, type Item, type State } from "./state";

/** The next state; pure. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "opened":
      return { ...state, open: true };
    case "closed":
      return { ...state, open: false, confirmingRestart: false };
    case "start_requested":
      return { ...INITIAL, open: state.open, phase: { kind: "starting" }, notice: action.notice };
    case "start_failed":
      return { ...state, phase: { kind: "unavailable", reason: action.reason, again: action.again } };
    case "started":
      return {
        ...state,
        phase: { kind: "active", conversation: action.conversation },
        items: mergeEntries([], action.entries),
        cursor: action.entries[action.entries.length - 1]?.id ?? null,
      };
    case "resumed":
      return {
        ...INITIAL,
        open: state.open,
        phase: { kind: "resuming", conversation: action.conversation },
        seen: action.seen,
        items: action.unsent.map(queued),
      };
    case "log_read":
      return {
        ...state,
        phase: state.phase.kind === "resuming" ? { ...state.phase, kind: "active" } : state.phase,
        items: mergeEntries(state.items, action.entries),
        cursor: action.cursor ?? state.cursor,
      };
    case "progressed":
      return { ...state, making: action.making };
    case "answered":
      return { ...state, items: mergeEntries(withDelivery(state.items, action.id, { status: "delivered" }), action.entries) };
    case "composed":
      return { ...state, items: [...state.items, queued(action.outgoing)], notice: null };
    case "attempted":
      return { ...state, items: withDelivery(state.items, action.id, { status: "sending" }) };
    case "not_sent":
      return { ...state, items: withDelivery(state.items, action.id, { status: "retrying" }) };
    case "refused":
      return { ...state, items: withDelivery(state.items, action.id, { status: "refused", reason: action.reason }) };
    case "seen":
      return { ...state, seen: action.id };
    case "noticed":
      return { ...state, notice: action.notice };
    case "restart_asked":
      return { ...state, confirmingRestart: true };
    case "restart_cancelled":
      return { ...state, confirmingRestart: false };
    case "notice_dismissed":
      return { ...state, notice: null };
  }
}

function queued(outgoing: { id: string; text: string; payload: string | null }): Item {
  return { kind: "outgoing", key: outgoing.id, outgoing, delivery: { status: "queued" } };
}

function withDelivery(items: readonly Item[], id: string, delivery: Delivery): readonly Item[] {
  return items.map((item) => (item.kind === "outgoing" && item.key === id ? { ...item, delivery } : item));
}
