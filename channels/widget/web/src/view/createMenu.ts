import { LANGUAGE_NAMES } from "../i18n/languageNames";
import type { Locale } from "../i18n/locale";
import type { Strings } from "../i18n/strings";
import { createButton } from "./createButton";
import { element } from "./element";
import { icon, type IconName } from "./icon";
import type { Intents } from "./intents";

/** The header's menu, worked like any menu button: arrows move, Escape closes it and nothing else. */
export function createMenu(strings: Strings, locale: Locale, intents: Intents): HTMLElement {
  const choices: readonly [IconName, string, () => void][] = [
    ["back", strings.goBack, () => intents.say(strings.goBack, "/go_back")],
    ["person", strings.askPerson, () => intents.say(strings.askPerson, "/ask_person")],
    ["later", strings.continueLater, () => intents.say(strings.continueLater, "/resume_later")],
    ["close", strings.deleteData, () => intents.say(strings.deleteData, "/delete_my_data")],
    ["restart", strings.startOver, () => intents.askRestart()],
  ];
  const button = createButton(
    { class: "header-button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": strings.menu },
    () => show(list.hidden !== false),
    icon("more"),
  );
  const commands = choices.map(([name, title, act]) =>
    createItem({ role: "menuitem" }, act, icon(name), title),
  );
  const languages = (Object.keys(LANGUAGE_NAMES) as Locale[]).map((code) => {
    const checked = String(code === locale);
    return createItem({ role: "menuitemradio", "aria-checked": checked, lang: code }, () => intents.speak(code), LANGUAGE_NAMES[code]);
  });
  const items = [...commands, ...languages];
  const group = element("div", { class: "menu-languages", role: "group", "aria-label": strings.language }, ...languages);
  const list = element("div", { class: "menu", role: "menu", "aria-label": strings.menu, hidden: true }, ...commands, group);
  const root = element("div", { class: "menu-anchor" }, button, list);

  function createItem(attributes: Readonly<Record<string, string>>, act: () => void, ...children: (Node | string)[]): HTMLElement {
    const chosen = (): void => {
      show(false);
      button.focus();
      act();
    };
    return createButton({ tabindex: -1, ...attributes }, chosen, ...children);
  }

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

  root.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      ArrowRight: () => move(1),
      ArrowLeft: () => move(-1),
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
