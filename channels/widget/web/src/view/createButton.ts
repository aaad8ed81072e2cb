import { element } from "./element";

type Attributes = Parameters<typeof element>[1];

/** A button that acts when it is tapped; it never sends a form. */
export function createButton(attributes: Attributes, act: () => void, ...children: readonly (Node | string)[]): HTMLButtonElement {
  const button = element("button", { type: "button", ...attributes }, ...children);
  button.addEventListener("click", act);
  return button;
}
