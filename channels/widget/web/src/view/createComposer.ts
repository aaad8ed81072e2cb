import type { Strings } from "../i18n/strings";
import { selectQuestion } from "../state/select";
import type { State } from "../state/state";
import { element } from "./element";
import { icon } from "./icon";
import { type InputKind, inputKind } from "./inputKind";

export interface Composer {
  readonly root: HTMLElement;
  update(state: State): void;
  focus(): void;
  /** Gives words back that could not be sent, unless the visitor has begun others. */
  restore(text: string): void;
}

const LONGEST = 4_000;

export function createComposer(strings: Strings, say: (text: string) => void): Composer {
  const field = element("textarea", { class: "field", rows: 1, "aria-label": strings.placeholder, maxlength: LONGEST });
  const line = element("input", { class: "field", "aria-label": strings.placeholder, maxlength: LONGEST });
  const picker = element("input", { type: "date", class: "date-picker", tabindex: -1, "aria-hidden": "true" });
  const calendar = element("button", { type: "button", class: "composer-button", "aria-label": strings.pickDate, hidden: true }, icon("date"));
  const send = element("button", { type: "submit", class: "send", "aria-label": strings.send }, icon("send"));
  const root = element("form", { class: "composer", novalidate: true, autocomplete: "off" }, field, line, picker, calendar, send);
  let active = field as HTMLTextAreaElement | HTMLInputElement;
  let ready = false;
  line.hidden = true;

  function focus(): void {
    active.focus();
  }

  function refresh(): void {
    send.disabled = !ready || active.value.trim() === "";
    field.style.setProperty("height", "auto");
    if (field.value) field.style.setProperty("height", `${field.scrollHeight}px`);
  }

  /** Several lines for words, one line with the right keyboard for everything else; what was typed moves along. */
  function use(kind: InputKind): void {
    const wanted: HTMLTextAreaElement | HTMLInputElement = kind.type === "text" && kind.inputMode === "text" ? field : line;
    if (wanted === line) {
      line.type = kind.type;
      line.inputMode = kind.inputMode;
      line.setAttribute("autocomplete", kind.autocomplete);
    }
    calendar.hidden = !kind.picksDate;
    if (wanted === active) return;
    const replaced = active;
    const focused = (root.getRootNode() as Document | ShadowRoot).activeElement === replaced;
    wanted.value = replaced.value;
    replaced.value = "";
    wanted.hidden = false;
    replaced.hidden = true;
    active = wanted;
    if (focused) focus();
  }

  root.addEventListener("input", refresh);
  field.addEventListener("keydown", (event) => {
    // Enter also ends a composition (Japanese, Chinese, Korean): that one does not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    root.requestSubmit();
  });
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = active.value.trim();
    if (!ready || !text) return;
    active.value = "";
    say(text);
    refresh();
  });
  calendar.addEventListener("click", () => {
    // Older browsers have no showPicker: there the date field itself is the way.
    try {
      picker.showPicker();
    } catch {
      picker.focus();
    }
  });
  picker.addEventListener("change", () => {
    active.value = picker.value;
    refresh();
    focus();
  });

  return {
    root,
    update(state) {
      const hint = selectQuestion(state).input;
      ready = state.phase.kind === "active" || state.phase.kind === "resuming";
      use(inputKind(hint));
      active.placeholder = hint?.placeholder ?? strings.placeholder;
      for (const [name, bound] of [["min", hint?.min], ["max", hint?.max]] as const) {
        picker[name] = typeof bound === "string" ? bound : "";
      }
      refresh();
    },
    focus,
    restore(text) {
      if (!active.value) active.value = text;
      refresh();
    },
  };
}
