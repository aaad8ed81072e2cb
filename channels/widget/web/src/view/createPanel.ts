import type { Strings } from "../i18n/strings";
import type { State } from "../state/state";
import { createBanner } from "./createBanner";
import { createChoices } from "./createChoices";
import { createComposer } from "./createComposer";
import { createHeader } from "./createHeader";
import { createLog } from "./createLog";
import { element } from "./element";
import type { Intents } from "./intents";
import { keepFocusInside } from "./keepFocusInside";
import { stickToEnd } from "./stickToEnd";

export interface Panel {
  readonly root: HTMLElement;
  update(state: State): void;
  focus(): void;
  restore(text: string): void;
}

const PHONE = "(max-width: 480px)";

export function createPanel(title: string, strings: Strings, intents: Intents): Panel {
  const header = createHeader(title, strings, intents);
  const banner = createBanner(strings, intents);
  const log = createLog(strings, intents.retry);
  const choices = createChoices(strings, (text, payload) => {
    // The tapped button is about to vanish: focus waits where the next choices will appear, and no keyboard pops up.
    scroller.focus({ preventScroll: true });
    intents.say(text, payload);
  });
  const composer = createComposer(strings, (text) => intents.say(text, null));
  const scroller = element("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": strings.transcript }, log.root, log.typing, choices.root);
  const toEnd = stickToEnd(scroller, [log.root, log.typing, choices.root], () =>
    choices.root.hidden ? null : log.root.lastElementChild,
  );
  const root = element(
    "section",
    { class: "panel", role: "dialog", "aria-labelledby": "title", tabindex: -1, hidden: true },
    header.root,
    banner.root,
    scroller,
    composer.root,
  );

  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      intents.close();
    } else if (startsTyping(event, scroller)) composer.focus();
    else if (matchMedia(PHONE).matches) keepFocusInside(event, root);
  });

  return {
    root,
    update(state) {
      const opening = root.hidden && state.open;
      root.hidden = !state.open;
      root.setAttribute("aria-modal", String(matchMedia(PHONE).matches));
      header.update(state);
      banner.update(state);
      const lines = log.update(state);
      choices.update(state);
      composer.update(state);
      const last = state.items[state.items.length - 1];
      const spoke = lines && last?.kind === "outgoing" && last.delivery.status === "queued";
      if (opening || spoke) toEnd();
    },
    focus() {
      // On a touch screen, focusing the field would cover half the greeting with a keyboard nobody asked for.
      if (matchMedia("(pointer: coarse)").matches) root.focus({ preventScroll: true });
      else composer.focus();
    },
    restore: composer.restore,
  };
}

/** A letter typed while the conversation has the focus is meant for the field. */
function startsTyping(event: KeyboardEvent, scroller: HTMLElement): boolean {
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  return event.target === scroller && event.key.length === 1 && event.key !== " " && !modified;
}
