import type { Strings } from "../i18n/strings";
import type { State } from "../state/state";
import { createButton } from "./createButton";
import { element } from "./element";
import { icon } from "./icon";
import type { Intents } from "./intents";

export interface Banner {
  readonly root: HTMLElement;
  update(state: State): void;
}

/** One line of news about the chat itself: a trouble, a notice, or the question whether to start over. */
export function createBanner(strings: Strings, intents: Intents): Banner {
  const root = element("div", { class: "banner", role: "status", hidden: true });
  let shown = "";

  function action(title: string, act: () => void, strong = false): HTMLElement {
    return createButton({ class: strong ? "banner-action is-strong" : "banner-action" }, act, title);
  }

  function content({ phase, notice, confirmingRestart }: State): readonly [string, ...Node[]] | null {
    if (confirmingRestart) {
      return [
        strings.confirmStartOver,
        action(strings.startOver, intents.startAgain, true),
        action(strings.cancel, intents.cancelRestart),
      ];
    }
    if (phase.kind === "unavailable") return [phase.reason, action(phase.again === "anew" ? strings.startOver : strings.tryAgain, intents.tryAgain, true)];
    if (notice === null) return null;
    const dismiss = createButton({ class: "banner-dismiss", "aria-label": strings.dismiss }, intents.dismissNotice, icon("close"));
    return [notice, dismiss];
  }

  return {
    root,
    update(state) {
      const { phase, notice, confirmingRestart } = state;
      const now = JSON.stringify([confirmingRestart, phase.kind === "unavailable" && phase.reason, notice]);
      if (now === shown) return;
      shown = now;
      const parts = content(state);
      root.classList.toggle("is-question", confirmingRestart);
      root.hidden = parts === null;
      root.replaceChildren();
      if (!parts) return;
      const [words, ...actions] = parts;
      root.append(element("p", {}, words), ...actions);
      if (confirmingRestart) root.querySelector("button")?.focus();
    },
  };
}
