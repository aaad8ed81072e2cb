import { createOutbox } from "./delivery/createOutbox";
import { followNews, type News, type Source } from "./news/followNews";
import type { Conversation } from "./protocol/conversation";
import type { Client } from "./protocol/createClient";
import { parseJson } from "./protocol/json";
import type { Outgoing } from "./protocol/outgoing";
import { parseEntry } from "./protocol/parseEntry";
import type { Store } from "./state/createStore";
import { selectUnsent } from "./state/select";

export interface Following {
  readonly conversation: Conversation;
  say(outgoing: Outgoing): void;
  wake(): void;
  sleep(): void;
  stop(): void;
}

/** Keeps the store in step with one conversation, both ways, until stopped or gone. */
export function followConversation(
  conversation: Conversation,
  store: Store,
  client: Client,
  openSource: (url: string) => Source,
  onGone: (unsent: readonly Outgoing[]) => void,
): Following {
  let stopped = false;

  const outbox = createOutbox({
    send: (outgoing) => client.send(conversation, outgoing),
    arrived: (id) => store.get().items.some((item) => item.kind === "entry" && item.key === id),
    onAttempt: (id) => store.dispatch({ type: "attempted", id }),
    onAnswer: (id, entries) => store.dispatch({ type: "answered", id, entries }),
    onNotSent: (id) => store.dispatch({ type: "not_sent", id }),
    onRefused: (id, reason) => store.dispatch({ type: "refused", id, reason }),
    onGone: end,
  });

  function stop(): void {
    stopped = true;
    outbox.stop();
    news.stop();
  }

  function end(unsent: readonly Outgoing[]): void {
    if (stopped) return;
    stop();
    onGone(unsent);
  }

  /** Reads the log from where we know it; false once the conversation is over for us. */
  async function catchUp(): Promise<boolean> {
    const result = await client.transcript(conversation, store.get().cursor);
    if (stopped) return false;
    if (result.kind === "gone") {
      end(selectUnsent(store.get()));
      return false;
    }
    if (result.kind === "ok") {
      store.dispatch({ type: "log_read", entries: result.value, cursor: result.value[result.value.length - 1]?.id ?? null });
    }
    return true;
  }

  const news: News = followNews(
    {
      open: () => openSource(client.eventsUrl(conversation, store.get().cursor)),
      catchUp,
      onNews: ({ data, lastEventId }) => {
        const entry = parseEntry(parseJson(data));
        if (entry) store.dispatch({ type: "log_read", entries: [entry], cursor: lastEventId || entry.id });
      },
      onProgress: ({ data: making }) => store.dispatch({ type: "progressed", making }),
    },
    store.get().phase.kind === "resuming",
  );
  for (const outgoing of selectUnsent(store.get())) outbox.add(outgoing);

  return {
    conversation,
    say(outgoing) {
      store.dispatch({ type: "composed", outgoing });
      outbox.add(outgoing);
    },
    wake() {
      outbox.retryNow();
      news.wake();
    },
    sleep: () => news.sleep(),
    stop,
  };
}
