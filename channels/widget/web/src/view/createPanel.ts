import type { Strings } from "../i18n/strings";
import type { Locale } from "../i18n/locale";
import type { State } from "../state/state";
import { createBanner } from "./createBanner";
import { createChoices } from "./createChoices";
import { createComposer } from "./createComposer";
import { createHeader } from "./createHeader";
import { createLog } from "./createLog";
import { createPresence } from "./createPresence";
import { element } from "./element";
import type { Intents } from "./intents";
import { keepFocusInside } from "./keepFocusInside";
import { stickToEnd } from "./stickToEnd";

export interface Panel {
  readonly root: HTMLElement;
  update(state: State): void;
  focus(): void;
  draft(): string;
  restore(text: string): void;
  /** Gives up what is under way, before another panel takes its place. */
  stop(): void;
}

const PHONE = "(max-width: 480px)";

export function createPanel(title: string, strings: Strings, locale: Locale, intents: Intents): Panel {
  const header = createHeader(title, strings, locale, intents);
  const presence = createPresence(strings);
  const banner = createBanner(strings, intents);
  const tap = (text: string, payload: string): void => {
    // The tapped button is about to vanish: focus waits where the next choices will appear, and no keyboard pops up.
    // A file may have taken its time: whoever writes by then is not interrupted.
    if (!composer.root.matches(":focus-within")) choices.root.focus({ preventScroll: true });
    intents.say(text, payload);
  };
  const log = createLog(strings, {
    retry: intents.retry,
    change: (question) => tap(strings.changeMine, `/change_answer${JSON.stringify({ question })}`),
  });
  const choices = createChoices(strings, locale, tap, intents.upload);
  const composer = createComposer(
    strings,
    (text) => intents.say(text, null),
    () => {
      if ((root.getRootNode() as ShadowRoot).activeElement === choices.root && !isTouch()) composer.focus();
    },
  );
  const scroller = element("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": strings.transcript }, log.root, log.typing, choices.root);
  const toEnd = stickToEnd(scroller, [log.root, log.typing, choices.root], () =>
    choices.root.hasChildNodes() ? log.root.lastElementChild : null,
  );
  const root = element(
    "section",
    { class: "panel", role: "dialog", "aria-labelledby": "title", tabindex: -1, hidden: true },
    header.root,
    presence.root,
    banner.root,
    scroller,
    composer.note,
    composer.root,
  );

  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      intents.close();
    } else if (startsTyping(event, [scroller, choices.root])) composer.focus();
    else if (matchMedia(PHONE).matches) keepFocusInside(event, root);
  });

  // A file dropped beside its place shall not take the visitor away from the page.
  for (const type of ["dragover", "drop"]) root.addEventListener(type, (event) => event.preventDefault());

  return {
    root,
    update(state) {
      const opening = root.hidden && state.open;
      root.hidden = !state.open;
      root.setAttribute("aria-modal", String(matchMedia(PHONE).matches));
      header.update(state);
      presence.update(state);
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
      if (isTouch()) root.focus({ preventScroll: true });
      else composer.focus();
    },
    draft: composer.draft,
    restore: composer.restore,
    stop: choices.stop,
  };
}

function isTouch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}

/** A letter typed while the conversation has the focus is meant for the field. */
function startsTyping(event: KeyboardEvent, resting: readonly (EventTarget | null)[]): boolean {
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  return resting.includes(event.target) && event.key.length === 1 && event.key !== " " && !modified;
}
