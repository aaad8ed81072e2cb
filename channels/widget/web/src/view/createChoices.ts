import type { Strings } from "../i18n/strings";
import { selectQuestion } from "../state/select";
import type { State } from "../state/state";
import { createMultipleChoice } from "./createMultipleChoice";
import { element } from "./element";
import { isMultipleChoice } from "./inputKind";

export interface Choices {
  readonly root: HTMLElement;
  update(state: State): void;
}

/** The answers on offer: buttons, and checkboxes where several may be chosen. */
export function createChoices(strings: Strings, say: (text: string, payload: string) => void): Choices {
  const root = element("div", { class: "choices", role: "group", "aria-label": strings.suggestions });
  let shown = "";
  return {
    root,
    update(state) {
      const question = state.phase.kind === "active" ? selectQuestion(state) : { buttons: [], input: null };
      const offer = JSON.stringify(question);
      if (offer === shown) return;
      shown = offer;
      const nodes: HTMLElement[] = [];
      if (question.input && isMultipleChoice(question.input)) nodes.push(createMultipleChoice(question.input, strings, say));
      for (const { title, payload } of question.buttons) {
        const button = element("button", { type: "button", class: "choice" }, title);
        button.addEventListener("click", () => say(title, payload));
        nodes.push(button);
      }
      root.replaceChildren(...nodes);
      root.hidden = nodes.length === 0;
    },
  };
}
