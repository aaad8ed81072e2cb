import type { Strings } from "../i18n/strings";
import { selectPerson, selectProgress } from "../state/select";
import type { State } from "../state/state";
import type { Locale } from "../i18n/locale";
import { createMenu } from "./createMenu";
import { createButton } from "./createButton";
import { element } from "./element";
import { icon } from "./icon";
import type { Intents } from "./intents";

export interface Header {
  readonly root: HTMLElement;
  update(state: State): void;
}

export function createHeader(title: string, strings: Strings, locale: Locale, intents: Intents): Header {
  const bar = element("div", { class: "progress-bar" });
  const count = element("span", { class: "progress-count", "aria-hidden": "true" });
  const progress = element("div", { class: "progress", role: "progressbar", "aria-valuemin": 0, hidden: true }, bar);
  const subtitle = element("p", { class: "subtitle" }, strings.subtitle);
  const close = createButton({ class: "header-button", "aria-label": strings.close }, () => intents.close(), icon("close"));
  const root = element(
    "header",
    { class: "header" },
    element("span", { class: "avatar", "aria-hidden": "true" }, [...title][0]?.toUpperCase() ?? "?"),
    element(
      "div",
      { class: "header-words" },
      element("h2", { class: "title", id: "title" }, title),
      subtitle,
    ),
    count,
    createMenu(strings, locale, intents),
    close,
    progress,
  );
  return {
    root,
    update(state) {
      subtitle.hidden = selectPerson(state) !== null;
      const known = selectProgress(state);
      progress.hidden = count.hidden = known === null;
      if (!known) return;
      bar.style.setProperty("transform", `scaleX(${known.done / known.of})`);
      count.textContent = `${known.done}/${known.of}`;
      progress.setAttribute("aria-valuemax", String(known.of));
      progress.setAttribute("aria-valuenow", String(known.done));
      progress.setAttribute("aria-label", strings.progress(known.done, known.of));
    },
  };
}
