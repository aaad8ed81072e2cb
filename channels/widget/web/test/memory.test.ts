import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newId } from "../src/newId";
import { createMemory } from "../src/storage/memory";
import { CONVERSATION, outgoing } from "./fakes";

function fakeStorage(): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    clear: () => values.clear(),
    getItem: (key) => values.get(key) ?? null,
    key: (index) => Array.from(values.keys())[index] ?? null,
    removeItem: (key) => void values.delete(key),
    setItem: (key, value) => void values.set(key, value),
  };
}

describe("the memory", () => {
  test("recalls the conversation in every tab, and this tab's panel and unsent messages", () => {
    const [lasting, perTab] = [fakeStorage(), fakeStorage()];
    const memory = createMemory("wk_1", null, newId, () => lasting, () => perTab);
    memory.remember(CONVERSATION, "e9");
    memory.rememberTab(true, [outgoing("m1", "/stop")]);
    const otherTab = createMemory("wk_1", null, newId, () => lasting, fakeStorage);
    assert.deepEqual(otherTab.recall(), { conversation: CONVERSATION, seen: "e9" });
    assert.deepEqual(otherTab.recallTab(), { open: false, unsent: [] });
    assert.deepEqual(memory.recallTab(), { open: true, unsent: [outgoing("m1", "/stop")] });
  });

  test("keeps two agencies' widgets on one page apart", () => {
    const lasting = fakeStorage();
    createMemory("wk_1", null, newId, () => lasting, fakeStorage).remember(CONVERSATION, null);
    assert.equal(createMemory("wk_2", null, newId, () => lasting, fakeStorage).recall(), null);
  });

  test("keeps a conversation for each flow, and one visitor for all of them", () => {
    const [lasting, perTab] = [fakeStorage(), fakeStorage()];
    const on = (flow: string | null) => createMemory("wk_1", flow, newId, () => lasting, () => perTab);
    on(null).remember(CONVERSATION, "e9");
    on(null).rememberTab(true, [outgoing("m1")]);
    assert.equal(on("device").recall(), null);
    assert.deepEqual(on("events").recallTab(), { open: false, unsent: [] });
    on("events").remember({ id: "c2", token: "t2" }, null);
    on("menus").forget();
    assert.equal(on("events").recall()?.conversation.id, "c2");
    assert.deepEqual(on(null).recall(), { conversation: CONVERSATION, seen: "e9" });
    on("events").rememberLanguage("fr");
    assert.equal(on(null).recallLanguage(), "fr");
    assert.equal(on("device").visitor(), on(null).visitor());
    assert.notEqual(on("events").key, on(null).key, "tabs tell each other of their own flow's conversation only");
  });

  test("knows the visitor from the first question for it on, whatever happens to conversations", () => {
    const lasting = fakeStorage();
    const memory = createMemory("wk_1", null, newId, () => lasting, fakeStorage);
    assert.equal(lasting.length, 0, "nothing before it is asked for");
    const visitor = memory.visitor();
    memory.rememberLanguage("fr");
    memory.remember(CONVERSATION, null);
    memory.forget();
    const otherTab = createMemory("wk_1", null, newId, () => lasting, fakeStorage);
    assert.equal(otherTab.visitor(), visitor);
    assert.equal(otherTab.recallLanguage(), "fr");
    lasting.setItem("markezy:wk_1:device", `{"visitor":"<script>","language":"tlh"}`);
    assert.match(otherTab.visitor(), /^[0-9a-f-]{36}$/);
    assert.equal(otherTab.recallLanguage(), null);
  });

  test("takes damaged or blocked storage for an empty one", () => {
    const damaged = fakeStorage();
    damaged.setItem("markezy:wk_1", "{not json");
    assert.equal(createMemory("wk_1", null, newId, () => damaged, fakeStorage).recall(), null);
    const blocked = (): Storage => {
      throw new Error("SecurityError");
    };
    const memory = createMemory("wk_1", null, newId, blocked, blocked);
    memory.remember(CONVERSATION, null);
    assert.equal(memory.recall(), null);
    assert.equal(memory.visitor(), memory.visitor());
    assert.deepEqual(memory.recallTab(), { open: false, unsent: [] });
  });
});
