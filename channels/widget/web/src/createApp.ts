import type { Config } from "./config/config";
import { readPage } from "./config/readPage";
import { STRINGS } from "./i18n/strings";
import { followConversation, type Following } from "./followConversation";
import type { Conversation } from "./protocol/conversation";
import type { Client } from "./protocol/createClient";
import type { Source } from "./news/followNews";
import type { Memory } from "./storage/memory";
import type { Outgoing } from "./protocol/outgoing";
import { createStore } from "./state/createStore";
import { selectLastEntry, selectUnsent } from "./state/select";
import type { State } from "./state/state";
import { createView } from "./view/createView";

export interface App {
  open(): void;
  close(): void;
  /** The network is back or the page is in view. */
  wake(): void;
  /** The page is out of view. */
  sleep(): void;
  /** Another tab wrote the memory. */
  memoryChanged(): void;
}

export interface AppPorts {
  readonly client: Client;
  readonly memory: Memory;
  readonly page: Document;
  openSource(url: string): Source;
  newId(): string;
}

/** The widget: one store, one view, one conversation at a time. */
export function createApp(config: Config, { client, memory, page, openSource, newId }: AppPorts): App {
  const strings = STRINGS[config.locale];
  const store = createStore();
  let following: Following | null = null;
  // A visitor may start over while a start is under way: only the last one counts.
  let starts = 0;

  const view = createView(
    config,
    {
      toggle: () => (store.get().open ? close() : open()),
      close,
      say: (text, payload) => following?.say({ id: newId(), text, payload }),
      retry: () => following?.wake(),
      startAgain() {
        void start(null);
        view.focusPanel();
      },
      askRestart: () => store.dispatch({ type: "restart_asked" }),
      cancelRestart() {
        store.dispatch({ type: "restart_cancelled" });
        view.focusPanel();
      },
      dismissNotice() {
        store.dispatch({ type: "notice_dismissed" });
        view.focusPanel();
      },
    },
    page,
  );

  function open(): void {
    if (store.get().open) return;
    store.dispatch({ type: "opened" });
    const { kind } = store.get().phase;
    if (kind === "idle" || kind === "unavailable") void start(null);
    view.focusPanel();
  }

  function close(): void {
    if (!store.get().open) return;
    store.dispatch({ type: "closed" });
    view.focusLauncher();
  }

  async function start(notice: string | null): Promise<void> {
    const turn = (starts += 1);
    leave();
    memory.forget();
    store.dispatch({ type: "start_requested", notice });
    const result = await client.start(readPage(page.location.href, page.referrer));
    if (turn !== starts) return;
    if (result.kind === "ok") {
      store.dispatch({ type: "started", ...result.value });
      follow(result.value.conversation);
      return;
    }
    const reason = result.kind === "refused" ? result.reason : null;
    store.dispatch({ type: "start_failed", reason: reason ?? (result.kind === "unreachable" ? strings.unreachable : strings.unavailable) });
  }

  function resume(unsent: readonly Outgoing[]): void {
    const remembered = memory.recall();
    if (!remembered) return;
    starts += 1;
    leave();
    store.dispatch({ type: "resumed", ...remembered, unsent });
    follow(remembered.conversation);
  }

  function follow(conversation: Conversation): void {
    following = followConversation(conversation, store, client, openSource, (unsent) => {
      void start(strings.startedFresh);
      const words = unsent.filter(({ payload }) => payload === null).map(({ text }) => text);
      view.restore(words.join("\n"));
    });
  }

  function leave(): void {
    following?.stop();
    following = null;
  }

  function persist(state: State): void {
    const { phase } = state;
    if (phase.kind === "idle") return;
    if (phase.kind === "active") memory.remember(phase.conversation, state.seen);
    memory.rememberTab(state.open, selectUnsent(state));
  }

  store.subscribe((state) => {
    const last = selectLastEntry(state)?.id ?? null;
    if (state.open && last !== state.seen) store.dispatch({ type: "seen", id: last });
    else {
      view.update(state);
      persist(state);
    }
  });
  view.update(store.get());
  const tab = memory.recallTab();
  resume(tab.unsent);
  if (store.get().phase.kind !== "idle" && tab.open) store.dispatch({ type: "opened" });

  return {
    open,
    close,
    wake: () => following?.wake(),
    sleep: () => following?.sleep(),
    memoryChanged() {
      const remembered = memory.recall();
      const { phase, seen } = store.get();
      if (!remembered || phase.kind === "idle" || phase.kind === "starting") return;
      const same = phase.kind !== "unavailable" && phase.conversation.id === remembered.conversation.id;
      if (!same) resume([]);
      else if (remembered.seen !== seen) store.dispatch({ type: "seen", id: remembered.seen });
    },
  };
}
