import { backoff } from "../delivery/backoff";
import { createPause } from "../delivery/createPause";

export type NewsEvent = Pick<MessageEvent<string>, "data" | "lastEventId">;

/** The part of an EventSource that is used. */
export interface Source {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent<string>) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(type: "progress", listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface NewsPorts {
  open(): Source;
  /** Reads what was missed; false ends the following (the conversation is gone). */
  catchUp(): Promise<boolean>;
  readonly onNews: (event: NewsEvent) => void;
  readonly onProgress: (event: NewsEvent) => void;
}

export interface News {
  /** Tries again at once: the network is back, or the page is in view. */
  wake(): void;
  /** Lets go of the connection until `wake`. */
  sleep(): void;
  stop(): void;
}

/**
 * Follows a conversation. An EventSource tells no reason for its failures, so after each one the transcript is read: that
 * fetches what was missed, works where a proxy breaks the stream, and shows whether the conversation still exists.
 */
export function followNews(ports: NewsPorts, readFirst: boolean, delay: (failures: number) => number = backoff): News {
  const pause = createPause();
  let source: Source | null = null;
  let failures = 0;
  let mode: "awake" | "asleep" | "stopped" = "awake";
  let recovering = false;

  function connect(): void {
    if (mode !== "awake" || source) return;
    const opened = ports.open();
    source = opened;
    opened.onopen = () => {
      failures = 0;
    };
    opened.onmessage = ports.onNews;
    opened.addEventListener("progress", ports.onProgress);
    opened.onerror = () => {
      drop();
      failures += 1;
      void recover(delay(failures));
    };
  }

  function drop(): void {
    source?.close();
    source = null;
  }

  async function recover(wait: number): Promise<void> {
    if (recovering) return;
    recovering = true;
    await pause.wait(wait);
    const alive = mode !== "awake" || (await ports.catchUp());
    recovering = false;
    if (alive) connect();
    else mode = "stopped";
  }

  if (readFirst) void recover(0);
  else connect();
  return {
    wake() {
      if (mode === "stopped") return;
      mode = "awake";
      if (recovering) pause.end();
      else if (!source) void recover(0);
    },
    sleep() {
      if (mode === "stopped") return;
      mode = "asleep";
      drop();
    },
    stop() {
      mode = "stopped";
      drop();
      pause.end();
    },
  };
}
