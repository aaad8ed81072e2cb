import type { Strings } from "../i18n/strings";
import { selectUnread } from "../state/select";
import type { State } from "../state/state";
import { createButton } from "./createButton";
import { element } from "./element";
import { icon } from "./icon";

export interface Launcher {
  readonly root: HTMLElement;
  update(state: State): void;
  focus(): void;
}

export function createLauncher(strings: Strings, toggle: () => void): Launcher {
  const badge = element("span", { class: "badge", "aria-hidden": "true", hidden: true });
  const button = createButton({ class: "launcher", "aria-haspopup": "dialog" }, toggle, icon("chat"), icon("down"), badge);
  // The count is spoken when it changes, wherever on the page the visitor is.
  const spoken = element("span", { class: "hidden-visually", role: "status" });
  return {
    root: element("div", { class: "launcher-corner" }, button, spoken),
    update(state) {
      const unread = state.open ? 0 : selectUnread(state);
      const words = unread ? strings.unread(unread) : "";
      badge.hidden = unread === 0;
      badge.textContent = unread > 9 ? "9+" : String(unread);
      if (spoken.textContent !== words) spoken.textContent = words;
      button.setAttribute("aria-expanded", String(state.open));
      button.setAttribute("aria-label", state.open ? strings.close : [strings.open, words].filter(Boolean).join(", "));
    },
    focus: () => button.focus(),
  };
}
