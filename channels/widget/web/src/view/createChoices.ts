import type { Locale } from "../i18n/locale";
import type { Strings } from "../i18n/strings";
import type { Button } from "../protocol/entry";
import { type Question, selectQuestion } from "../state/select";
import type { State } from "../state/state";
import { createButton } from "./createButton";
import { createFileQuestion, type FileQuestion } from "./createFileQuestion";
import { createMultipleChoice } from "./createMultipleChoice";
import { element } from "./element";
import { icon } from "./icon";
import { isMultipleChoice } from "./inputKind";
import type { Intents } from "./intents";

export interface Choices {
  /** Stays in place while it is empty: focus may wait in it for the next offers. */
  readonly root: HTMLElement;
  update(state: State): void;
  /** Gives up what is under way. */
  stop(): void;
}

const NOTHING: Question = { buttons: [], input: null, asking: null };

/** The answers on offer: buttons, checkboxes where several may be chosen, a file to be sent. */
export function createChoices(
  strings: Strings,
  locale: Locale,
  say: (text: string, payload: string) => void,
  upload: Intents["upload"],
): Choices {
  const root = element("div", { class: "choices", role: "group", "aria-label": strings.suggestions, tabindex: -1 });
  let shown = "";
  let file: FileQuestion | null = null;

  function choice({ title, payload }: Button, current: string | null): HTMLElement {
    const standing = current !== null && isCurrent(title, current);
    const mark = standing ? [icon("check")] : [];
    return createButton({ class: "choice", "aria-current": standing && "true" }, () => say(title, payload), ...mark, title);
  }

  function stop(): void {
    file?.stop();
    file = null;
  }

  return {
    root,
    update(state) {
      const { buttons, input, asking } = state.phase.kind === "active" ? selectQuestion(state) : NOTHING;
      const offer = JSON.stringify([buttons, input, asking]);
      if (offer === shown) return;
      shown = offer;
      stop();
      const nodes: HTMLElement[] = [];
      if (input && isMultipleChoice(input)) nodes.push(createMultipleChoice(input, strings, say));
      if (input?.type === "file") {
        file = createFileQuestion(input, strings, locale, upload, say);
        nodes.push(file.root);
      }
      nodes.push(...buttons.map((button) => choice(button, input?.current ?? null)));
      root.classList.toggle("is-recap", input?.type === "recap");
      root.replaceChildren(...nodes);
    },
    stop,
  };
}

/** A scale shows its answer as "7/10". */
function isCurrent(title: string, current: string): boolean {
  return current === title || (/^\d+$/.test(title) && current.startsWith(`${title}/`));
}
