import type { Config } from "../config/config";
import type { Locale } from "../i18n/locale";
import { STRINGS } from "../i18n/strings";
import type { State } from "../state/state";
import { createLauncher } from "./createLauncher";
import { createPanel } from "./createPanel";
import type { Intents } from "./intents";
import { palette } from "./palette";
import { fitToKeyboard } from "./fitToKeyboard";
import css from "./widget.css";

export interface View {
  update(state: State): void;
  focusPanel(): void;
  focusLauncher(): void;
  restore(text: string): void;
  /** Says everything in another language; what the visitor has begun to write stays. */
  speak(locale: Locale): void;
}

/** Puts the widget into the page, out of reach of the page's style sheets. */
export function createView(config: Config, locale: Locale, intents: Intents, page: Document): View {
  const host = page.createElement("div");
  host.id = "markezy-widget";
  host.dataset["position"] = config.position;
  const shadow = host.attachShadow({ mode: "open" });
  addStyles(shadow, page);
  const colors = palette(config.color);
  if (colors) {
    host.style.setProperty("--accent", colors.accent);
    host.style.setProperty("--on-accent", colors.onAccent);
    host.style.setProperty("--accent-ink", colors.accentInk);
  }
  const parts = (spoken: Locale) => {
    const strings = STRINGS[spoken];
    host.lang = spoken;
    return {
      panel: createPanel(config.title ?? strings.title, strings, spoken, intents),
      launcher: createLauncher(strings, intents.toggle),
    };
  };
  let { panel, launcher } = parts(locale);
  shadow.append(panel.root, launcher.root);
  page.body.append(host);
  fitToKeyboard(host);
  return {
    update(state) {
      host.toggleAttribute("data-open", state.open);
      panel.update(state);
      launcher.update(state);
    },
    focusPanel: () => panel.focus(),
    focusLauncher: () => launcher.focus(),
    restore: (text) => panel.restore(text),
    speak(spoken) {
      const before = { panel, launcher };
      before.panel.stop();
      ({ panel, launcher } = parts(spoken));
      panel.restore(before.panel.draft());
      before.panel.root.replaceWith(panel.root);
      before.launcher.root.replaceWith(launcher.root);
    },
  };
}

/** A constructed style sheet passes a strict Content-Security-Policy; browsers without it get a style element. */
function addStyles(shadow: ShadowRoot, page: Document): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    const style = page.createElement("style");
    style.textContent = css;
    shadow.append(style);
  }
}
