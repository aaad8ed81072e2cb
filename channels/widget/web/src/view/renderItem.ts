import type { Strings } from "../i18n/strings";
import type { Sender } from "../protocol/entry";
import type { Delivery, Item } from "../state/state";
import { createButton } from "./createButton";
import { element } from "./element";
import { icon } from "./icon";
import { renderAttachment } from "./renderAttachment";
import { isRecap, renderRecap, textBesideRecap } from "./renderRecap";

// French puts a space inside its quotation marks and before these marks; a line must not break there.
const LOOSE_MARK = / (?=[?!:;»](?:\s|$))/g;
const LOOSE_QUOTE = /« /g;

export interface LineActs {
  retry(): void;
  change(question: string): void;
}

/** One line of the conversation. Text goes in as text, line breaks kept by the style sheet. */
export function renderItem(item: Item, strings: Strings, acts: LineActs): HTMLElement {
  const entry = item.kind === "entry" ? item.entry : null;
  const from: Sender = entry ? entry.from : "visitor";
  const recap = entry?.input && isRecap(entry) ? entry.input.items : null;
  const said = item.kind === "entry" ? item.entry.text : item.outgoing.text;
  const text = recap ? textBesideRecap(said, recap) : said;
  const staff = entry?.name ?? strings.team;
  const line = element("div", { class: `line from-${from}` });
  line.classList.toggle("has-recap", recap !== null);
  if (item.kind === "outgoing") line.classList.add(`is-${item.delivery.status}`);
  if (from === "staff") line.append(element("span", { class: "sender", "aria-hidden": "true" }, staff));
  if (text) {
    const speaker = { visitor: strings.you, assistant: strings.assistant, staff }[from];
    line.append(element("p", { class: "bubble" }, element("span", { class: "hidden-visually" }, `${speaker}: `), unbroken(text)));
  }
  if (recap) line.append(renderRecap(recap, strings, acts.change));
  if (entry?.attachment) line.append(renderAttachment(entry.attachment, strings));
  if (item.kind === "outgoing") line.append(...renderDelivery(item.delivery, strings, acts.retry));
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
      const again = createButton({ class: "retry" }, retry, strings.retry);
      return [element("span", { class: "delivery is-problem" }, icon("warning"), strings.notSent, " – ", again)];
    }
    case "refused":
      return [element("span", { class: "delivery is-problem" }, icon("warning"), delivery.reason ?? strings.refused)];
    case "sending":
    case "delivered":
      return [];
  }
}
