import type { Config } from "./config/config";
import { readPage } from "./config/readPage";
import { LANGUAGE_NAMES } from "./i18n/languageNames";
import type { Locale } from "./i18n/locale";
import { STRINGS } from "./i18n/strings";
import { followConversation, type Following } from "./followConversation";
import type { Conversation } from "./protocol/conversation";
import type { Client } from "./protocol/createClient";
import type { Outgoing } from "./protocol/outgoing";
import { uploadFile } from "./protocol/uploadFile";
import type { Source } from "./news/followNews";
import type { Memory, Remembered } from "./storage/memory";
import { createStore } from "./state/createStore";
import { selectLastEntry, selectUnsent } from "./state/select";
import type { State } from "./state/state";
import { createView } from "./view/createView";

export interface App {
  open(): void;
  close(): void;
  /** The visitor followed a resume link to this page. */
  resumeFromLink(token: string): void;
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
  /** Of the resume link the page was opened by. */
  readonly linkToken: string | null;
  openSource(url: string): Source;
  newId(): string;
}

/** The widget: one store, one view, one conversation at a time. */
export function createApp(config: Config, { client, memory, page, linkToken, openSource, newId }: AppPorts): App {
  let locale = memory.recallLanguage() ?? config.locale;
  const store = createStore();
  let following: Following | null = null;
  // A visitor may start over while a start is under way: only the last one counts.
  let starts = 0;
  // Kept until the bot has answered, so that an answer lost on its way makes no second conversation.
  let openingId: string | null = null;
  let unusedLink: string | null = null;

  const view = createView(
    config,
    locale,
    {
      toggle: () => (store.get().open ? close() : open()),
      close,
      say,
      speak,
      retry: () => following?.wake(),
      upload: (question, file, mediaType, onProgress) =>
        following && uploadFile(client.uploadTarget(following.conversation, question, file.name), file, mediaType, onProgress),
      startAgain() {
        unusedLink = null;
        void start(null);
        view.focusPanel();
      },
      tryAgain() {
        tryAgain();
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
    if (kind === "idle" || kind === "unavailable") tryAgain();
    view.focusPanel();
  }

  function tryAgain(): void {
    void (unusedLink === null ? start(null) : resumeFromLink(unusedLink));
  }

  function close(): void {
    if (!store.get().open) return;
    store.dispatch({ type: "closed" });
    view.focusLauncher();
  }

  function say(text: string, payload: string | null): void {
    following?.say({ id: newId(), text, payload });
  }

  function speak(wanted: Locale): void {
    locale = wanted;
    memory.rememberLanguage(locale);
    view.speak(locale);
    view.update(store.get());
    view.focusPanel();
    say(LANGUAGE_NAMES[locale], `/switch_language${JSON.stringify({ value: locale })}`);
  }

  async function start(notice: string | null): Promise<void> {
    const turn = (starts += 1);
    leave();
    memory.forget();
    store.dispatch({ type: "start_requested", notice });
    const result = await client.start({
      id: (openingId ??= newId()),
      visitor: memory.visitor(),
      language: memory.recallLanguage() ?? config.language,
      page: readPage(page.location.href, page.referrer),
    });
    if (turn !== starts) return;
    if (result.kind !== "unreachable") openingId = null;
    if (result.kind === "ok") {
      store.dispatch({ type: "started", ...result.value });
      follow(result.value.conversation);
      return;
    }
    const reason = result.kind === "refused" ? result.reason : null;
    const { unreachable, unavailable } = STRINGS[locale];
    store.dispatch({ type: "start_failed", reason: reason ?? (result.kind === "unreachable" ? unreachable : unavailable), again: "retry" });
  }

  /** Goes on with the conversation a link leads to; the one on this device is left only once that has worked. */
  async function resumeFromLink(token: string): Promise<void> {
    const turn = (starts += 1);
    const before = memory.recall();
    const { unsent } = memory.recallTab();
    leave();
    unusedLink = null;
    store.dispatch({ type: "start_requested", notice: null });
    store.dispatch({ type: "opened" });
    const result = await client.resume(token);
    if (turn !== starts) return;
    const strings = STRINGS[locale];
    if (result.kind === "ok") {
      const same = before?.conversation.id === result.value.id;
      const found = { conversation: result.value, seen: same ? before.seen : null };
      memory.remember(found.conversation, found.seen);
      resume(found, same ? unsent : []);
    } else if (result.kind === "unreachable") {
      unusedLink = token;
      store.dispatch({ type: "start_failed", reason: strings.unreachable, again: "retry" });
    } else if (before) {
      resume(before, unsent);
      store.dispatch({ type: "noticed", notice: strings.linkExpired });
    } else {
      store.dispatch({ type: "start_failed", reason: strings.linkExpired, again: "anew" });
    }
  }

  function resume(remembered: Remembered, unsent: readonly Outgoing[]): void {
    starts += 1;
    leave();
    store.dispatch({ type: "resumed", ...remembered, unsent });
    follow(remembered.conversation);
  }

  function follow(conversation: Conversation): void {
    following = followConversation(conversation, store, client, openSource, (unsent) => {
      void start(STRINGS[locale].startedFresh);
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
  if (linkToken) {
    void resumeFromLink(linkToken);
    view.focusPanel();
  } else {
    const tab = memory.recallTab();
    const remembered = memory.recall();
    if (remembered) resume(remembered, tab.unsent);
    if (remembered && tab.open) store.dispatch({ type: "opened" });
  }

  return {
    open,
    close,
    resumeFromLink(token) {
      void resumeFromLink(token);
      view.focusPanel();
    },
    wake: () => following?.wake(),
    sleep: () => following?.sleep(),
    memoryChanged() {
      const remembered = memory.recall();
      const { phase, seen } = store.get();
      if (!remembered || phase.kind === "idle" || phase.kind === "starting") return;
      const same = phase.kind !== "unavailable" && phase.conversation.id === remembered.conversation.id;
      if (!same) resume(remembered, []);
      else if (remembered.seen !== seen) store.dispatch({ type: "seen", id: remembered.seen });
    },
  };
}
