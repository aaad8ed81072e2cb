import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { backoff } from "../src/delivery/backoff";
import { createOutbox, type OutboxPorts } from "../src/delivery/createOutbox";
import type { Entry } from "../src/protocol/entry";
import type { Outgoing } from "../src/protocol/outgoing";
import type { Result } from "../src/protocol/result";
import { entry, outgoing } from "./fakes";

const UNREACHABLE: Result<Entry[]> = { kind: "unreachable", retryAfterMs: null };

/** A bot that gives the prepared results in order, then answers everything. */
function fakeBot(results: Result<Entry[]>[]) {
  const sent: Outgoing[] = [];
  const log: string[] = [];
  const arrived = new Set<string>();
  let underWay = 0;
  let settled: () => void = () => undefined;
  const ports: OutboxPorts = {
    async send(message) {
      underWay += 1;
      assert.equal(underWay, 1, "one message at a time");
      sent.push(message);
      await Promise.resolve();
      underWay -= 1;
      return results.shift() ?? { kind: "ok", value: [entry(`answer to ${message.id}`)] };
    },
    arrived: (id) => arrived.has(id),
    onAttempt: () => undefined,
    onAnswer: (id) => note(`answered ${id}`),
    onNotSent: (id) => note(`not sent ${id}`),
    onRefused: (id, reason) => note(`refused ${id}: ${reason}`),
    onGone: (unsent) => note(`gone with ${unsent.map(({ id }) => id).join(" ")}`),
  };
  function note(line: string): void {
    log.push(line);
    settled();
  }
  async function until(lines: number): Promise<string[]> {
    while (log.length < lines) await new Promise<void>((resolve) => (settled = resolve));
    return log;
  }
  return { ports, sent, arrived, until };
}

describe("the outbox", () => {
  test("tries again by itself with the same id", async () => {
    const bot = fakeBot([UNREACHABLE, UNREACHABLE]);
    createOutbox(bot.ports, () => 1).add(outgoing("m1"));
    assert.deepEqual(await bot.until(3), ["not sent m1", "not sent m1", "answered m1"]);
    assert.deepEqual(new Set(bot.sent.map(({ id }) => id)), new Set(["m1"]));
    assert.equal(bot.sent.length, 3);
  });

  test("keeps the order: the second message waits until the first has arrived", async () => {
    const bot = fakeBot([UNREACHABLE]);
    const outbox = createOutbox(bot.ports, () => 1);
    outbox.add(outgoing("m1"));
    outbox.add(outgoing("m2"));
    assert.deepEqual(await bot.until(3), ["not sent m1", "answered m1", "answered m2"]);
  });

  test("retrying by hand cuts the wait short", async () => {
    const bot = fakeBot([UNREACHABLE]);
    const outbox = createOutbox(bot.ports, () => 3_600_000);
    outbox.add(outgoing("m1"));
    await bot.until(1);
    await new Promise((resolve) => setImmediate(resolve));
    outbox.retryNow();
    assert.deepEqual(await bot.until(2), ["not sent m1", "answered m1"]);
  });

  test("does not send again what the transcript shows as arrived", async () => {
    const bot = fakeBot([UNREACHABLE]);
    const outbox = createOutbox(bot.ports, () => 1);
    outbox.add(outgoing("m1"));
    await bot.until(1);
    bot.arrived.add("m1");
    outbox.add(outgoing("m2"));
    assert.deepEqual(await bot.until(2), ["not sent m1", "answered m2"]);
    assert.deepEqual(
      bot.sent.map(({ id }) => id),
      ["m1", "m2"],
    );
  });

  test("goes on with the next message when one is refused", async () => {
    const bot = fakeBot([{ kind: "refused", reason: "Too long." }]);
    const outbox = createOutbox(bot.ports, () => 1);
    outbox.add(outgoing("m1"));
    outbox.add(outgoing("m2"));
    assert.deepEqual(await bot.until(2), ["refused m1: Too long.", "answered m2"]);
  });

  test("hands everything unsent back when the conversation is gone", async () => {
    const bot = fakeBot([{ kind: "gone" }]);
    const outbox = createOutbox(bot.ports, () => 1);
    outbox.add(outgoing("m1"));
    outbox.add(outgoing("m2"));
    assert.deepEqual(await bot.until(1), ["gone with m1 m2"]);
    assert.equal(bot.sent.length, 1);
  });
});

test("the wait between tries doubles up to half a minute, with jitter", () => {
  assert.deepEqual(
    [1, 2, 3, 6, 60].map((failures) => backoff(failures, () => 1)),
    [1_000, 2_000, 4_000, 30_000, 30_000],
  );
  assert.equal(backoff(3, () => 0), 2_000);
});
