import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Action } from "../src/state/action";
import { selectChangeable, selectPerson, selectProgress, selectQuestion, selectTyping, selectUnread, selectUnsent } from "../src/state/select";
import { after, CONVERSATION, entry, hint, outgoing, screen } from "./fakes";

const started: Action = { type: "started", conversation: CONVERSATION, entries: [entry("hello")] };
const composed = (id: string): Action => ({ type: "composed", outgoing: outgoing(id) });
const attempted = (id: string): Action => ({ type: "attempted", id });
const fromLog = (...entries: ReturnType<typeof entry>[]): Action => ({ type: "log_read", entries, cursor: entries.at(-1)?.id ?? null });

describe("the transcript on the screen", () => {
  test("shows an entry once, whether it came as an answer, as news or in a reload", () => {
    const state = after(
      started,
      composed("m1"),
      attempted("m1"),
      { type: "answered", id: "m1", entries: [entry("r1")] },
      fromLog(entry("v1", { from: "visitor", messageId: "m1" }), entry("r1")),
      fromLog(entry("hello"), entry("r1")),
    );
    assert.deepEqual(screen(state), ["hello", "v1", "r1"]);
  });

  test("keeps an answer in front of a message that waits its turn", () => {
    const state = after(started, composed("m1"), attempted("m1"), composed("m2"), {
      type: "answered",
      id: "m1",
      entries: [entry("r1")],
    });
    assert.deepEqual(screen(state), ["hello", "m1 delivered", "r1", "m2 queued"]);
  });

  test("lets a message keep its line and key when it comes back from the log", () => {
    const state = after(started, composed("m1"), attempted("m1"), fromLog(entry("v1", { from: "visitor", messageId: "m1" })));
    assert.deepEqual(
      state.items.map(({ key }) => key),
      ["hello", "m1"],
    );
    const [, own] = state.items;
    assert.equal(own?.kind === "entry" && own.entry.text, "text of m1", "in the words the visitor saw");
  });

  test("puts what another tab said behind a message under way", () => {
    const state = after(started, composed("m1"), attempted("m1"), fromLog(entry("v2", { from: "visitor", messageId: "other" })));
    assert.deepEqual(screen(state), ["hello", "m1 sending", "v2"]);
  });

  test("answers do not move the place in the log, because news may be missing in between", () => {
    const state = after(started, composed("m1"), { type: "answered", id: "m1", entries: [entry("r1")] });
    assert.equal(state.cursor, "hello");
    assert.equal(after(started, fromLog(entry("n1"))).cursor, "n1");
  });

  test("starting over forgets the lines and leaves the panel as it was", () => {
    const state = after({ type: "opened" }, started, composed("m1"), { type: "start_requested", notice: "fresh" });
    assert.deepEqual(screen(state), []);
    assert.equal(state.open, true);
    assert.equal(state.notice, "fresh");
    assert.equal(state.phase.kind, "starting");
  });
});

describe("what the visitor may answer", () => {
  const buttons = [{ title: "Yes", payload: "/affirm" }];
  const input = hint("email", { question: "email" });

  test("are the offers made since the visitor spoke", () => {
    const state = after(started, fromLog(entry("q1", { buttons }), entry("news"), entry("q2", { input })));
    assert.deepEqual(selectQuestion(state), { buttons, input, asking: "q2" });
  });

  test("are none that a person has spoken after", () => {
    const state = after(started, fromLog(entry("q1", { buttons, input }), entry("s1", { from: "staff" })));
    assert.deepEqual(selectQuestion(state), { buttons: [], input: null, asking: null });
  });

  test("vanish as soon as the visitor has chosen, so that nobody chooses twice", () => {
    assert.deepEqual(selectQuestion(after(started, fromLog(entry("q1", { buttons })), composed("m1"))).buttons, []);
  });

  test("come back when the answer was refused", () => {
    const state = after(started, fromLog(entry("q1", { buttons })), composed("m1"), { type: "refused", id: "m1", reason: "Too long." });
    assert.deepEqual(selectQuestion(state).buttons, buttons);
  });
});

describe("which answers may be changed", () => {
  const answered = (id: string, question: string) => entry(id, { from: "visitor", question });
  const asked = (id: string, question: string) => entry(id, { input: hint("text", { question }) });

  test("are the last to each question, but not to the one that is asked", () => {
    const state = after(started, fromLog(answered("v1", "city"), answered("v2", "budget"), answered("v3", "city"), asked("q", "budget")));
    assert.deepEqual([...selectChangeable(state)], [["v3", "city"]]);
  });

  test("are none while a message is on its way, while nothing is asked, and after the end", () => {
    const asking = [started, fromLog(answered("v1", "city"), asked("q", "budget"))];
    assert.equal(selectChangeable(after(...asking)).size, 1);
    assert.equal(selectChangeable(after(...asking, composed("m1"))).size, 0);
    assert.equal(selectChangeable(after(...asking, fromLog(answered("v2", "budget"), entry("thanks")))).size, 0);
  });
});

describe("who is there", () => {
  const ravi = entry("s1", { from: "staff", name: "Ravi" });

  test("is the person who spoke last, until the assistant speaks again", () => {
    assert.equal(selectPerson(after(started)), null);
    assert.deepEqual(selectPerson(after(started, fromLog(ravi, entry("v1", { from: "visitor" })))), { name: "Ravi" });
    assert.equal(selectPerson(after(started, fromLog(ravi, entry("a1")))), null);
  });

  test("stays the person when a document is announced meanwhile", () => {
    const attachment = { title: "Plan", url: "https://a.example/p.pdf", mediaType: "application/pdf" };
    assert.deepEqual(selectPerson(after(started, fromLog(ravi, entry("a1", { attachment })))), { name: "Ravi" });
  });
});

describe("what is derived", () => {
  test("the assistant writes while a message is under way, and not while it could not be sent", () => {
    assert.equal(selectTyping(after(started, composed("m1"), attempted("m1"))), true);
    assert.equal(selectTyping(after(started, composed("m1"), attempted("m1"), { type: "not_sent", id: "m1" })), false);
  });

  test("the assistant writes until its greeting is there, be it late", () => {
    const late = after({ type: "started", conversation: CONVERSATION, entries: [] });
    assert.equal(selectTyping(late), true);
    assert.equal(selectTyping(after(started)), false);
  });

  test("unread counts what was said to the visitor after the last line seen", () => {
    const news = fromLog(entry("n1"), entry("v1", { from: "visitor" }), entry("n2", { from: "staff" }));
    assert.equal(selectUnread(after(started, { type: "seen", id: "hello" }, news)), 2);
    assert.equal(selectUnread(after(started, news, { type: "seen", id: "n2" })), 0);
  });

  test("unsent messages are those nobody has answered or refused, in order", () => {
    const state = after(started, composed("m1"), composed("m2"), composed("m3"), attempted("m2"), { type: "refused", id: "m1", reason: null });
    assert.deepEqual(
      selectUnsent(state).map(({ id }) => id),
      ["m2", "m3"],
    );
  });

  test("progress is the latest one told", () => {
    const state = after(started, fromLog(entry("a", { progress: { done: 1, of: 5 } }), entry("b")));
    assert.deepEqual(selectProgress(state), { done: 1, of: 5 });
  });
});
