import type { Strings } from "../i18n/strings";
import type { InputHint } from "../protocol/entry";
import { element } from "./element";

/** Checkboxes and a button that sends them as one answer. */
export function createMultipleChoice(hint: InputHint, strings: Strings, say: (text: string, payload: string) => void): HTMLElement {
  const min = typeof hint.min === "number" ? Math.max(1, hint.min) : 1;
  const max = typeof hint.max === "number" ? hint.max : Infinity;
  const standing = `, ${hint.current ?? ""}, `;
  const boxes = hint.options.map(({ title }) => element("input", { type: "checkbox", checked: standing.includes(`, ${title}, `) }));
  const labels = hint.options.map((option, index) =>
    element("label", { class: "check" }, boxes[index] as HTMLInputElement, element("span", {}, option.title)),
  );
  const limited = max < hint.options.length;
  const advice = min > 1 || limited ? strings.pick(min, limited ? max : Infinity) : strings.chooseSeveral;
  const confirm = element("button", { type: "submit", class: "confirm" }, strings.confirm);
  const form = element(
    "form",
    { class: "multiple" },
    element("fieldset", {}, element("legend", {}, advice), ...labels),
    confirm,
  );

  function chosen(): { title: string; value: unknown }[] {
    return hint.options.filter((_, index) => boxes[index]?.checked);
  }

  function update(): void {
    const count = chosen().length;
    confirm.disabled = count < min || count > max;
    for (const box of boxes) box.disabled = !box.checked && count >= max;
  }

  form.addEventListener("change", update);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const picked = chosen();
    const payload = { question: hint.question, value: picked.map(({ value }) => value) };
    say(picked.map(({ title }) => title).join(", "), `/answer${JSON.stringify(payload)}`);
  });
  update();
  return form;
}
