import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Window } from "happy-dom";
import { en } from "../src/i18n/en";
import { es } from "../src/i18n/es";
import { fr } from "../src/i18n/fr";
import type { InputHint } from "../src/protocol/entry";
import { reduce } from "../src/state/reduce";
import type { Item, State } from "../src/state/state";
import { createChoices } from "../src/view/createChoices";
import { createLog } from "../src/view/createLog";
import { createMultipleChoice } from "../src/view/createMultipleChoice";
import { inputKind } from "../src/view/inputKind";
import { contrastOf, palette } from "../src/view/palette";
import { renderItem } from "../src/view/renderItem";
import { textBesideRecap } from "../src/view/renderRecap";
import { after, CONVERSATION, entry, hint, outgoing } from "./fakes";

beforeEach(() => {
  globalThis.document = new Window().document as unknown as Document;
});

const ACTS = { retry: () => undefined, change: () => undefined };
const HOSTILE = `<img src=x onerror="alert(1)"><script>alert(2)</script>&amp;`;

describe("the line below the conversation", () => {
  const shown = (log: ReturnType<typeof createLog>) => [log.typing.hidden, log.typing.textContent];

  test("says how far the strategy has come, and goes when it is there", () => {
    const log = createLog(en, ACTS);
    const talking = after({ type: "started", conversation: CONVERSATION, entries: [entry("e1")] });
    log.update(reduce(talking, { type: "progressed", making: "Writing your strategy…\n30%" }));
    assert.deepEqual(shown(log), [false, "Writing your strategy…30%"]);
    assert.equal(log.typing.querySelectorAll(".hidden-visually").length, 0);
    log.update(reduce(talking, { type: "progressed", making: "" }));
    assert.equal(log.typing.hidden, true);
    assert.equal(log.typing.querySelector(".hidden-visually")?.textContent, en.typing);
  });

  test("is spoken once, not with every percent", () => {
    const log = createLog(en, ACTS);
    const talking = after({ type: "started", conversation: CONVERSATION, entries: [] });
    log.update(reduce(talking, { type: "progressed", making: "Writing your strategy…\n30%" }));
    const spoken = log.typing.querySelector("span")?.firstChild;
    log.update(reduce(talking, { type: "progressed", making: "Writing your strategy…\n60%" }));
    assert.equal(log.typing.querySelector("span")?.firstChild, spoken);
    assert.equal(log.typing.querySelector("[aria-hidden]")?.textContent, "60%");
  });

  test("does not go over into another conversation", () => {
    const before = after({ type: "progressed", making: "Writing your strategy…\n30%" });
    assert.equal(reduce(before, { type: "start_requested", notice: null }).making, "");
    assert.deepEqual(before.items, []);
    assert.equal(before.cursor, null);
  });
});

describe("a line", () => {
  test("shows markup as the characters it is made of", () => {
    const attachment = { title: HOSTILE, url: "https://a.example/p.pdf", mediaType: "application/pdf" };
    const lines: Item[] = [
      { kind: "entry", key: "e1", entry: entry("e1", { text: HOSTILE, attachment }) },
      { kind: "outgoing", key: "m1", outgoing: { ...outgoing("m1"), text: HOSTILE }, delivery: { status: "refused", reason: HOSTILE } },
    ];
    for (const item of lines) {
      const node = renderItem(item, en, ACTS);
      assert.equal(node.querySelectorAll("img, script").length, 0);
      assert.ok(node.querySelector(".bubble")?.textContent?.endsWith(HOSTILE));
    }
  });

  test("leads to a document in a new tab that cannot reach back", () => {
    const attachment = { title: "Plan", url: "https://a.example/p.pdf", mediaType: "application/pdf" };
    const link = renderItem({ kind: "entry", key: "e1", entry: entry("e1", { attachment }) }, en, ACTS).querySelector("a");
    assert.equal(link?.getAttribute("target"), "_blank");
    assert.equal(link?.getAttribute("rel"), "noopener noreferrer");
  });

  test("keeps French punctuation on the line of its word", () => {
    const said = "Pas « bon » ? Écrivez : « oui » !";
    const node = renderItem({ kind: "entry", key: "e1", entry: entry("e1", { text: said }) }, fr, ACTS);
    assert.ok(node.textContent?.endsWith("Pas «\u00a0bon\u00a0»\u00a0? Écrivez\u00a0: «\u00a0oui\u00a0»\u00a0!"));
  });

  test("offers to send again what was not sent", () => {
    let retried = 0;
    const item: Item = { kind: "outgoing", key: "m1", outgoing: outgoing("m1"), delivery: { status: "retrying" } };
    renderItem(item, en, { ...ACTS, retry: () => (retried += 1) }).querySelector("button")?.click();
    assert.equal(retried, 1);
  });
});

describe("the log", () => {
  const show = (...states: State[]) => {
    const log = createLog(en, ACTS);
    return states.map((state) => {
      log.update(state);
      return Array.from(log.root.childNodes);
    });
  };

  test("keeps the nodes of lines already read out", () => {
    const start = { type: "started", conversation: CONVERSATION, entries: [entry("hello")] } as const;
    const sent = after(start, { type: "composed", outgoing: outgoing("m1") }, { type: "attempted", id: "m1" });
    const back = entry("v1", { from: "visitor", messageId: "m1", text: "text of m1" });
    const [before, later] = show(sent, reduce(sent, { type: "log_read", entries: [back, entry("r1")], cursor: "r1" }));
    assert.equal(before?.length, 2);
    assert.ok(before?.every((node, index) => node === later?.[index]));
    assert.equal(later?.length, 3);
  });

  test("forgets the lines of a conversation left behind", () => {
    const [, fresh] = show(
      after({ type: "started", conversation: CONVERSATION, entries: [entry("a"), entry("b")] }),
      after({ type: "start_requested", notice: null }),
    );
    assert.deepEqual(fresh, []);
  });
});

test("several choices become one answer with the options' values", () => {
  const said: [string, string][] = [];
  const options = ["A", "B", "C"].map((title, index) => ({ title, value: index }));
  const form = createMultipleChoice(hint("multi_choice", { options, max: 2 }), en, (text, payload) => said.push([text, payload]));
  const boxes = Array.from(form.querySelectorAll<HTMLInputElement>("input"));
  const confirm = form.querySelector("button");
  assert.equal(confirm?.disabled, true);
  for (const box of [boxes[0], boxes[2]]) if (box) box.checked = true;
  form.dispatchEvent(new (document.defaultView as unknown as typeof globalThis).Event("change"));
  assert.equal(confirm?.disabled, false);
  assert.equal(boxes[1]?.disabled, true, "no more than two");
  form.dispatchEvent(new (document.defaultView as unknown as typeof globalThis).Event("submit"));
  assert.deepEqual(said, [["A, C", `/answer{"question":"q","value":[0,2]}`]]);
});

test("the choices of an answer that is being changed are set, with commas in their titles or without", () => {
  const options = ["Ads", "Fairs, shows", "E-mail", "Mail"].map((title) => ({ title, value: title }));
  const form = createMultipleChoice(hint("multi_choice", { options, current: "Ads, Fairs, shows, E-mail" }), en, () => undefined);
  const checked = Array.from(form.querySelectorAll<HTMLInputElement>("input")).map((box) => box.checked);
  assert.deepEqual(checked, [true, true, true, false]);
  const none = createMultipleChoice(hint("multi_choice", { options }), en, () => undefined);
  assert.equal(none.querySelectorAll("input[checked]").length, 0);
});

test("of the buttons, the one that says the answer as it stands is marked", () => {
  const marked = (titles: string[], input: InputHint) => {
    const buttons = titles.map((title) => ({ title, payload: `/answer{"value":"${title}"}` }));
    const choices = createChoices(en, "en", () => undefined, () => null);
    choices.update(after({ type: "started", conversation: CONVERSATION, entries: [entry("q", { buttons, input })] }));
    return Array.from(choices.root.querySelectorAll("[aria-current]")).map(({ textContent }) => textContent);
  };
  assert.deepEqual(marked(["Yes", "No"], hint("yes_no", { current: "No" })), ["No"]);
  assert.deepEqual(marked(["1", "7", "10"], hint("scale", { current: "7/10" })), ["7"]);
  assert.deepEqual(marked(["1", "10"], hint("scale", { current: "10/10" })), ["10"]);
  assert.deepEqual(marked(["Yes", "No"], hint("yes_no")), []);
});

test("a recap's text leaves to the card what the card shows", () => {
  const items = [{ question: "city", label: "Ville", display: "Lyon" }];
  assert.equal(textBesideRecap("Est-ce juste ?\n• Ville: Lyon", items), "Est-ce juste ?");
  assert.equal(textBesideRecap("Est-ce juste ?\n• Budget: 5", items), "Est-ce juste ?\n• Budget: 5");
});

test("an unknown kind of question is answered in words", () => {
  assert.equal(inputKind(hint("tarot")).type, "text");
  assert.equal(inputKind(hint("email")).inputMode, "email");
  assert.equal(inputKind(hint("phone")).type, "tel");
});

test("every brand colour gives readable text, on it and of it", () => {
  for (const color of ["#fff", "#000", "#ffd400", "#00e5a0", "#777777", "#767676", "#0b5d4b", "#ff5a5f", "#4338ca"]) {
    const colors = palette(color);
    assert.ok(colors);
    assert.ok(contrastOf(colors.accent, colors.onAccent) >= 4.5, `text on ${color}`);
    assert.ok(contrastOf(colors.accentInk, "#ffffff") >= 4.5, `${color} as text`);
  }
  assert.equal(palette("red; } * { display: none"), null);
});

test("the three languages say everything, each in its own words", () => {
  const words = (strings: object) => Object.entries(strings).filter(([, value]) => typeof value === "string");
  for (const strings of [en, fr, es]) for (const [name, value] of words(strings)) assert.ok(String(value).trim(), name);
  const same = words(en).filter(([name, value]) => (fr as unknown as Record<string, unknown>)[name] === value);
  assert.deepEqual(
    same.map(([name]) => name),
    ["transcript", "assistant"],
  );
});
