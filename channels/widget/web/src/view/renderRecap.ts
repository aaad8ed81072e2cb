import type { Strings } from "../i18n/strings";
import type { Entry, RecapItem } from "../protocol/entry";
import { createButton } from "./createButton";
import { element } from "./element";
import { icon } from "./icon";

export function isRecap(entry: Entry): boolean {
  return entry.input?.type === "recap" && entry.input.items.length > 0;
}

/** The message without the lines that its card shows; channels without cards need them. */
export function textBesideRecap(text: string, items: readonly RecapItem[]): string {
  const told = (line: string): boolean => items.some(({ label, display }) => line.endsWith(`${label}: ${display}`));
  return text
    .split("\n")
    .filter((line) => !told(line))
    .join("\n")
    .trim();
}

/** The answers given, each with a button over its row that changes it. A settled card keeps its words and loses its buttons. */
export function renderRecap(items: readonly RecapItem[], strings: Strings, change: (question: string) => void): HTMLElement {
  const rows = items.map(({ question, label, display }) => {
    const name = strings.change(`${label}, ${display}`);
    const button = createButton({ class: "recap-change", "aria-label": name }, () => change(question), icon("pencil"));
    return element(
      "li",
      { class: "recap-row" },
      element("span", { class: "recap-label" }, label),
      element("span", { class: "recap-display" }, display),
      // Buttons that come and go are no news to be read out.
      element("span", { "aria-live": "off" }, button),
    );
  });
  return element("ul", { class: "recap", role: "list" }, ...rows);
}

export function settleRecap(line: HTMLElement, settled: boolean): void {
  for (const button of Array.from(line.querySelectorAll<HTMLElement>(".recap-change"))) button.hidden = settled;
}
