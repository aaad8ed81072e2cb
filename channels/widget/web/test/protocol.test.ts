import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Config } from "../src/config/config";
import { readPage } from "../src/config/readPage";
import { createClient } from "../src/protocol/createClient";
import { parseEntry } from "../src/protocol/parseEntry";
import { CONVERSATION, outgoing } from "./fakes";

const CONFIG: Config = {
  botUrl: "https://bot.example",
  widgetKey: "wk_1",
  flow: null,
  locale: "en",
  language: "en",
  title: null,
  color: "#000",
  position: "right",
  hidden: { campaign: "7" },
};

function clientAnswering(response: () => Response, config = CONFIG) {
  const calls: { url: string; init: RequestInit }[] = [];
  const client = createClient(config, (url, init) => {
    calls.push({ url, init });
    return Promise.resolve(response());
  });
  return { client, calls };
}

describe("a transcript entry", () => {
  test("is read with all it offers", () => {
    const read = parseEntry({
      id: "e1",
      from: "assistant",
      text: "Which?",
      buttons: [{ title: "A", payload: "/a" }, { title: "no payload" }],
      input: { type: "multi_choice", question: "q", options: [{ title: "A", value: 1 }, { title: "B" }], max: 2 },
      progress: { done: 9, of: 5 },
    });
    assert.deepEqual(read?.buttons, [{ title: "A", payload: "/a" }]);
    assert.deepEqual(read?.input?.options, [
      { title: "A", value: 1 },
      { title: "B", value: "B" },
    ]);
    assert.deepEqual(read?.progress, { done: 5, of: 5 });
  });

  test("says who of the staff speaks, what an answer answered, and what a recap lists", () => {
    assert.equal(parseEntry({ id: "e1", from: "staff", name: " Ravi " })?.name, "Ravi");
    assert.equal(parseEntry({ id: "e1", from: "staff", name: "" })?.name, null);
    assert.equal(parseEntry({ id: "e1", from: "visitor", question: "budget" })?.question, "budget");
    const items = [{ question: "budget", label: "Budget", display: "€2,000" }, { label: "no question" }, { question: "city" }];
    assert.deepEqual(parseEntry({ id: "e1", input: { type: "recap", items } })?.input?.items, [
      { question: "budget", label: "Budget", display: "€2,000" },
      { question: "city", label: "city", display: "" },
    ]);
    const file = parseEntry({ id: "e1", input: { type: "file", question: "brief", media_types: ["image/*", 7], max: 2, current: "a.png" } });
    assert.deepEqual(file?.input?.mediaTypes, ["image/*"]);
    assert.equal(file?.input?.note, "");
    assert.equal(parseEntry({ id: "3", text: "", input: { type: "text", question: "audience", note: "Beware" } })?.input?.note, "Beware");
    assert.equal(file?.input?.current, "a.png");
  });

  test("is nobody's when it has no id", () => {
    for (const value of [null, "text", [], {}, { text: "hello" }, { id: 7 }]) assert.equal(parseEntry(value), null);
  });

  test("carries no attachment that would run a script", () => {
    for (const url of ["javascript:alert(1)", "data:text/html,x", "/relative", "", 7]) {
      assert.equal(parseEntry({ id: "e1", attachment: { title: "x", url } })?.attachment, null);
    }
    assert.equal(parseEntry({ id: "e1", attachment: { title: "Plan", url: "https://a.example/p.pdf" } })?.attachment?.title, "Plan");
  });
});

describe("the client", () => {
  test("sends either the text or the payload, with the message's own id and the visitor's token", async () => {
    const { client, calls } = clientAnswering(() => Response.json({ messages: [] }));
    await client.send(CONVERSATION, outgoing("m1"));
    await client.send(CONVERSATION, outgoing("m2", "/go_back"));
    assert.deepEqual(
      calls.map(({ init }) => JSON.parse(String(init.body)) as unknown),
      [
        { id: "m1", text: "text of m1" },
        { id: "m2", payload: "/go_back" },
      ],
    );
    assert.equal(new Headers(calls[0]?.init.headers).get("Authorization"), "Bearer t1");
    assert.equal(calls[0]?.url, "https://bot.example/webhooks/widget/conversations/c1/messages");
  });

  test("asks for a conversation under the opening's own id, so that asking again makes no second one", async () => {
    const { client, calls } = clientAnswering(() => Response.json({ conversation_id: "c1", token: "t1", messages: [] }));
    const page = { url: "https://shop.example/", referrer: "", utm: {} };
    await client.start({ id: "o1", visitor: "v1", language: "fr", page });
    assert.equal(new Headers(calls[0]?.init.headers).get("Idempotency-Key"), "o1");
    assert.deepEqual(JSON.parse(String(calls[0]?.init.body)), {
      widget_key: "wk_1",
      locale: "fr",
      page,
      hidden: { campaign: "7" },
      visitor: "v1",
    });
  });

  test("asks for the page's flow by its name", async () => {
    const { client, calls } = clientAnswering(() => Response.json({}), { ...CONFIG, flow: "events" });
    await client.start({ id: "o1", visitor: "v1", language: "fr", page: { url: "https://shop.example/", referrer: "", utm: {} } });
    assert.equal((JSON.parse(String(calls[0]?.init.body)) as { flow?: string }).flow, "events");
  });

  test("changes a link's token for the right to speak", async () => {
    const { client, calls } = clientAnswering(() => Response.json({ conversation_id: "c1", token: "t1" }));
    assert.deepEqual(await client.resume("link"), { kind: "ok", value: CONVERSATION });
    assert.equal(calls[0]?.url, "https://bot.example/webhooks/widget/resume");
    assert.deepEqual(JSON.parse(String(calls[0]?.init.body)), { token: "link" });
  });

  const outcomes: [number, string][] = [
    [200, "ok"],
    [401, "gone"],
    [404, "gone"],
    [422, "refused"],
    [429, "unreachable"],
    [503, "unreachable"],
  ];
  for (const [status, kind] of outcomes) {
    test(`takes ${status} for ${kind}`, async () => {
      const { client } = clientAnswering(() => Response.json({ messages: [], detail: "Too long." }, { status, headers: { "Retry-After": "7" } }));
      const result = await client.send(CONVERSATION, outgoing("m1"));
      assert.equal(result.kind, kind);
      if (result.kind === "refused") assert.equal(result.reason, "Too long.");
      if (result.kind === "unreachable") assert.equal(result.retryAfterMs, 7_000);
    });
  }

  test("takes a broken connection for one that may heal", async () => {
    const client = createClient(CONFIG, () => Promise.reject(new TypeError("failed to fetch")));
    assert.deepEqual(await client.transcript(CONVERSATION, null), { kind: "unreachable", retryAfterMs: null });
  });
});

test("the page is told with its campaign and without its fragment", () => {
  const page = readPage("https://shop.example/p?utm_source=letter&utm_term=&x=1#account=5", "https://search.example/");
  assert.deepEqual(page, {
    url: "https://shop.example/p?utm_source=letter&utm_term=&x=1",
    referrer: "https://search.example/",
    utm: { source: "letter" },
  });
});
