import type { Strings } from "../i18n/strings";
import { selectQuestion } from "../state/select";
import type { State } from "../state/state";
import { createButton } from "./createButton";
import { element } from "./element";
import { icon } from "./icon";
import { type InputKind, inputKind, isWritten } from "./inputKind";

export interface Composer {
  readonly root: HTMLElement;
  /** What to know before writing; stands above the field. */
  readonly note: HTMLElement;
  update(state: State): void;
  focus(): void;
  /** What the visitor has begun to write. */
  draft(): string;
  /** Gives words back that could not be sent, unless the visitor has begun others. */
  restore(text: string): void;
}

const LONGEST = 4_000;

/** `onPrefill` is called when the answer that is being changed was put into the field. */
export function createComposer(strings: Strings, say: (text: string) => void, onPrefill: () => void): Composer {
  const field = element("textarea", { class: "field", rows: 1, "aria-label": strings.placeholder, maxlength: LONGEST });
  const line = element("input", { class: "field", "aria-label": strings.placeholder, maxlength: LONGEST });
  const picker = element("input", { type: "date", class: "date-picker", tabindex: -1, "aria-hidden": "true" });
  const calendar = createButton({ class: "composer-button", "aria-label": strings.pickDate, hidden: true }, pickDate, icon("date"));
  const send = element("button", { type: "submit", class: "send", "aria-label": strings.send }, icon("send"));
  const root = element("form", { class: "composer", novalidate: true, autocomplete: "off" }, field, line, picker, calendar, send);
  const note = element("p", { class: "note", id: "note" });
  let active = field as HTMLTextAreaElement | HTMLInputElement;
  let ready = false;
  let asked: string | null = null;
  let prefilled = "";
  line.hidden = true;

  function focus(): void {
    active.focus();
  }

  function pickDate(): void {
    // Older browsers have no showPicker: there the date field itself is the way.
    try {
      picker.showPicker();
    } catch {
      picker.focus();
    }
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

  /** Puts the answer that is being changed into the field, once, and takes it out again if it was left untouched. */
  function prefill(asking: string | null, current: string): void {
    if (asking === asked) return;
    asked = asking;
    if (active.value === prefilled) active.value = "";
    prefilled = "";
    if (!current || active.value) return;
    active.value = prefilled = current;
    onPrefill();
    active.select();
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
    active.value = prefilled = "";
    say(text);
    refresh();
  });
  picker.addEventListener("change", () => {
    active.value = picker.value;
    refresh();
    focus();
  });

  return {
    root,
    note,
    update(state) {
      const { input: hint, asking } = selectQuestion(state);
      ready = state.phase.kind === "active" || state.phase.kind === "resuming";
      use(inputKind(hint));
      active.placeholder = hint?.placeholder ?? strings.placeholder;
      for (const [name, bound] of [["min", hint?.min], ["max", hint?.max]] as const) {
        picker[name] = typeof bound === "string" ? bound : "";
      }
      note.textContent = hint?.note ?? "";
      active.setAttribute("aria-describedby", note.id);
      prefill(asking, hint && isWritten(hint) ? (hint.current ?? "") : "");
      refresh();
    },
    focus,
    draft: () => (active.value === prefilled ? "" : active.value),
    restore(text) {
      if (!active.value) active.value = text;
      refresh();
    },
  };
}
