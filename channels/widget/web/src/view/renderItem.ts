import type { Strings } from "../i18n/strings";
import type { Sender } from "../protocol/entry";
import type { Delivery, Item } from "../state/state";
import { element } from "./element";
import { icon } from "./icon";
import { renderAttachment } from "./renderAttachment";

// French puts a space inside its quotation marks and before these marks; a line must not break there.
const LOOSE_MARK = / (?=[?!:;»](?:\s|$))/g;
const LOOSE_QUOTE = /« /g;

/** One line of the conversation. Text goes in as text, line breaks kept by the style sheet. */
export function renderItem(item: Item, strings: Strings, retry: () => void): HTMLElement {
  const from: Sender = item.kind === "entry" ? item.entry.from : "visitor";
  const text = item.kind === "entry" ? item.entry.text : item.outgoing.text;
  const line = element("div", { class: `line from-${from}` });
  if (item.kind === "outgoing") line.classList.add(`is-${item.delivery.status}`);
  if (from === "staff") line.append(element("span", { class: "sender", "aria-hidden": "true" }, strings.team));
  if (text) {
    const speaker = { visitor: strings.you, assistant: strings.assistant, staff: strings.team }[from];
    line.append(element("p", { class: "bubble" }, element("span", { class: "hidden-visually" }, `${speaker}: `), unbroken(text)));
  }
  if (item.kind === "entry" && item.entry.attachment) line.append(renderAttachment(item.entry.attachment, strings));
  if (item.kind === "outgoing") line.append(...renderDelivery(item.delivery, strings, retry));
  return line;
}

function unbroken(text: string): string {
  return text.replace(LOOSE_MARK, "\u00a0").replace(LOOSE_QUOTE, "«\u00a0");
}

function renderDelivery(delivery: Delivery, strings: Strings, retry: () => void): HTMLElement[] {
  switch (delivery.status) {
    case "queued":
      return [element("span", { class: "delivery hidden-visually" }, strings.waiting)];
    case "retrying": {
      const again = element("button", { type: "button", class: "retry" }, strings.retry);
      again.addEventListener("click", retry);
      return [element("span", { class: "delivery is-problem" }, icon("warning"), strings.notSent, " – ", again)];
    }
    case "refused":
      return [element("span", { class: "delivery is-problem" }, icon("warning"), delivery.reason ?? strings.refused)];
    case "sending":
    case "delivered":
      return [];
  }
}
