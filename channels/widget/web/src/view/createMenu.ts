import type { Strings } from "../i18n/strings";
import { element } from "./element";
import { icon, type IconName } from "./icon";
import type { Intents } from "./intents";

/** The header's menu, worked like any menu button: arrows move, Escape closes it and nothing else. */
export function createMenu(strings: Strings, intents: Intents): HTMLElement {
  const choices: readonly [IconName, string, () => void][] = [
    ["back", strings.goBack, () => intents.say(strings.goBack, "/go_back")],
    ["person", strings.askPerson, () => intents.say(strings.askPerson, "/ask_person")],
    ["restart", strings.startOver, () => intents.askRestart()],
  ];
  const button = element(
    "button",
    { type: "button", class: "header-button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": strings.menu },
    icon("more"),
  );
  const items = choices.map(([name, title, act]) => {
    const item = element("button", { type: "button", role: "menuitem", tabindex: "-1" }, icon(name), title);
    item.addEventListener("click", () => {
      show(false);
      button.focus();
      act();
    });
    return item;
  });
  const list = element("div", { class: "menu", role: "menu", "aria-label": strings.menu, hidden: true }, ...items);
  const root = element("div", { class: "menu-anchor" }, button, list);

  function show(visible: boolean): void {
    list.hidden = !visible;
    button.setAttribute("aria-expanded", String(visible));
    if (visible) items[0]?.focus();
  }

  function move(step: number): void {
    const scope = root.getRootNode() as ShadowRoot;
    const at = items.findIndex((item) => item === scope.activeElement);
    items[(at + step + items.length) % items.length]?.focus();
  }

  button.addEventListener("click", () => show(list.hidden !== false));
  root.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Escape: () => {
        show(false);
        button.focus();
      },
    };
    const act = moves[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  root.addEventListener("focusout", (event) => {
    if (!list.hidden && !root.contains(event.relatedTarget as Node | null)) show(false);
  });
  return root;
}
