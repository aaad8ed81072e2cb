import type { Strings } from "../i18n/strings";
import { createButton } from "./createButton";
import { element } from "./element";
import { icon } from "./icon";

/** Puts a small button beside a visitor's own line that changes this answer, or takes it away again when `question` is undefined. */
export function offerChange(
  line: HTMLElement,
  question: string | undefined,
  strings: Strings,
  change: (question: string) => void,
): void {
  const offered = line.querySelector(".line-tools");
  if (question === undefined) return offered?.remove();
  if (offered) return;
  const words = strings.change(line.querySelector(".bubble")?.lastChild?.textContent ?? "");
  const button = createButton({ class: "line-change", "aria-label": words, title: strings.changeMine }, () => change(question), icon("pencil"));
  // Not part of what was said: the log does not read it out.
  line.append(element("span", { class: "line-tools", "aria-live": "off" }, button));
}
