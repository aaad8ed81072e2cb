import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { followNews, type Source } from "../src/news/followNews";

function fakeStream(alive: () => boolean) {
  const sources: Source[] = [];
  const read: string[] = [];
  let reads = 0;
  let progress: ((event: MessageEvent<string>) => void) | null = null;
  const news = followNews(
    {
      open() {
        const source: Source = {
          onopen: null,
          onmessage: null,
          onerror: null,
          addEventListener: (_type, listener) => (progress = listener),
          close: () => (source.onerror = source.onmessage = null),
        };
        sources.push(source);
        return source;
      },
      catchUp() {
        reads += 1;
        return Promise.resolve(alive());
      },
      onNews: ({ data }) => read.push(data),
      onProgress: ({ data }) => read.push(`progress: ${data}`),
    },
    false,
    () => 0,
  );
  const rest = () => new Promise((resolve) => setTimeout(resolve, 5));
  return { news, sources, read, reads: () => reads, progress: (data: string) => progress?.(message(data)), rest };
}

function message(data: string): MessageEvent<string> {
  return new MessageEvent("message", { data });
}

describe("following the news", () => {
  test("after a failure it reads what was missed, then listens again", async () => {
    const stream = fakeStream(() => true);
    stream.sources[0]?.onmessage?.(message("one"));
    stream.sources[0]?.onerror?.(new Event("error"));
    await stream.rest();
    assert.equal(stream.reads(), 1);
    stream.sources[1]?.onmessage?.(message("two"));
    assert.deepEqual(stream.read, ["one", "two"]);
  });

  test("how far the strategy has come is told beside the news", () => {
    const stream = fakeStream(() => true);
    stream.progress("Writing your strategy…\n30%");
    stream.sources[0]?.onmessage?.(message("one"));
    assert.deepEqual(stream.read, ["progress: Writing your strategy…\n30%", "one"]);
  });

  test("it ends when the conversation is gone", async () => {
    const stream = fakeStream(() => false);
    stream.sources[0]?.onerror?.(new Event("error"));
    await stream.rest();
    stream.news.wake();
    await stream.rest();
    assert.equal(stream.sources.length, 1);
  });

  test("asleep it holds no connection, and awake again it catches up first", async () => {
    const stream = fakeStream(() => true);
    stream.news.sleep();
    assert.equal(stream.sources[0]?.onmessage, null);
    stream.news.wake();
    await stream.rest();
    assert.equal(stream.reads(), 1);
    assert.equal(stream.sources.length, 2);
  });
});
