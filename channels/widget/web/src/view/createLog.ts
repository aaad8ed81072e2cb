import type { Strings } from "../i18n/strings";
import { selectChangeable, selectQuestion, selectTyping } from "../state/select";
import type { Delivery, Item, State } from "../state/state";
import { element } from "./element";
import { offerChange } from "./offerChange";
import { type LineActs, renderItem } from "./renderItem";
import { settleRecap } from "./renderRecap";

export interface Log {
  readonly root: HTMLElement;
  readonly typing: HTMLElement;
  /** True when lines were added or changed. */
  update(state: State): boolean;
}

/** The conversation. Lines that did not change keep their nodes, so that a screen reader speaks only what is new. */
export function createLog(strings: Strings, acts: LineActs): Log {
  const root = element("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": strings.transcript });
  const doing = element("span");
  // A screen reader says once what is being done, not every step of it.
  const percent = element("span", { "aria-hidden": "true" });
  const typing = element("div", { class: "typing", role: "status", hidden: true }, element("i"), element("i"), element("i"), doing, percent);
  const lines = new Map<string, { item: Item; node: HTMLElement }>();

  function lineOf(item: Item): HTMLElement {
    const known = lines.get(item.key);
    if (known?.item === item) return known.node;
    if (known && looksAlike(known.item, item)) {
      known.item = item;
      return known.node;
    }
    const node = renderItem(item, strings, acts);
    if (known) {
      node.classList.add("is-settled");
      known.node.replaceWith(node);
    }
    lines.set(item.key, { item, node });
    return node;
  }

  return {
    root,
    typing,
    update(state) {
      const before = root.childNodes.length;
      const changeable = selectChangeable(state);
      const { asking } = state.phase.kind === "active" ? selectQuestion(state) : { asking: null };
      let changed = false;
      state.items.forEach((item, index) => {
        const node = lineOf(item);
        offerChange(node, changeable.get(item.key), strings, acts.change);
        settleRecap(node, asking !== item.key);
        node.classList.toggle("is-continued", sameStaff(state.items[index - 1], item));
        if (root.childNodes[index] === node) return;
        root.insertBefore(node, root.childNodes[index] ?? null);
        changed = true;
      });
      while (root.childNodes.length > state.items.length) root.lastChild?.remove();
      const kept = new Set(state.items.map(({ key }) => key));
      for (const key of lines.keys()) if (!kept.has(key)) lines.delete(key);
      const [making, done = ""] = state.making.split("\n");
      typing.hidden = !making && !selectTyping(state);
      doing.classList.toggle("hidden-visually", !making);
      const now = making || strings.typing;
      if (doing.textContent !== now) doing.textContent = now;
      percent.textContent = done;
      return changed || before !== root.childNodes.length;
    },
  };
}

/** Whether the same person goes on speaking: their name then stands above the first line only. */
function sameStaff(before: Item | undefined, item: Item): boolean {
  if (before?.kind !== "entry" || item.kind !== "entry") return false;
  return before.entry.from === "staff" && item.entry.from === "staff" && before.entry.name === item.entry.name;
}

/** A delivered message and its entry in the transcript look the same. */
function looksAlike(before: Item, after: Item): boolean {
  if (before.kind !== "outgoing") return false;
  if (!isPlain(before.delivery)) return false;
  if (after.kind === "entry") return after.entry.text === before.outgoing.text && after.entry.attachment === null;
  return isPlain(after.delivery);
}

function isPlain({ status }: Delivery): boolean {
  return status === "sending" || status === "delivered";
}
