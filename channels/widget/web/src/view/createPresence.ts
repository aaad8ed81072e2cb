import type { Strings } from "../i18n/strings";
import { selectPerson } from "../state/select";
import type { State } from "../state/state";
import { element } from "./element";
import { icon } from "./icon";

export interface Presence {
  readonly root: HTMLElement;
  update(state: State): void;
}

/** Who is there: a line under the header while it is a person, spoken when they come and when the assistant is back. */
export function createPresence(strings: Strings): Presence {
  const words = element("span");
  const line = element("p", { class: "presence", hidden: true }, icon("person"), words);
  const spoken = element("span", { class: "hidden-visually", role: "status" });
  line.setAttribute("aria-hidden", "true");
  let met = false;
  return {
    root: element("div", { class: "presence-anchor" }, line, spoken),
    update(state) {
      const person = selectPerson(state);
      met ||= person !== null;
      line.hidden = person === null;
      const now = person ? strings.talkingTo(person.name) : met && state.items.length > 0 ? strings.assistantBack : "";
      if (person && words.textContent !== now) words.textContent = now;
      if (spoken.textContent !== now) spoken.textContent = now;
    },
  };
}
