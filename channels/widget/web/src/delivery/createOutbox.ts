import type { Entry } from "../protocol/entry";
import type { Outgoing } from "../protocol/outgoing";
import type { Result } from "../protocol/result";
import { backoff } from "./backoff";
import { createPause } from "./createPause";

export interface OutboxPorts {
  send(outgoing: Outgoing): Promise<Result<Entry[]>>;
  /** Whether the message was meanwhile seen in the transcript. */
  arrived(id: string): boolean;
  onAttempt(id: string): void;
  onAnswer(id: string, entries: Entry[]): void;
  onNotSent(id: string): void;
  onRefused(id: string, reason: string | null): void;
  onGone(unsent: readonly Outgoing[]): void;
}

/** Sends one message at a time, in order, each with its own id until the bot has answered or refused it. */
export interface Outbox {
  add(outgoing: Outgoing): void;
  retryNow(): void;
  stop(): void;
}

export function createOutbox(ports: OutboxPorts, delay: (failures: number) => number = backoff): Outbox {
  const queue: Outgoing[] = [];
  const pause = createPause();
  let running = false;
  let stopped = false;

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    for (let head = queue[0]; head && !stopped; head = queue[0]) {
      await deliver(head);
      queue.shift();
    }
    running = false;
  }

  async function deliver(outgoing: Outgoing): Promise<void> {
    for (let failures = 1; !stopped && !ports.arrived(outgoing.id); failures += 1) {
      ports.onAttempt(outgoing.id);
      const result = await ports.send(outgoing);
      if (stopped) return;
      switch (result.kind) {
        case "ok":
          return ports.onAnswer(outgoing.id, result.value);
        case "refused":
          return ports.onRefused(outgoing.id, result.reason);
        case "gone":
          stopped = true;
          return ports.onGone([...queue]);
        case "unreachable":
          ports.onNotSent(outgoing.id);
          await pause.wait(result.retryAfterMs ?? delay(failures));
      }
    }
  }

  return {
    add(outgoing) {
      queue.push(outgoing);
      void run();
    },
    retryNow: () => pause.end(),
    stop() {
      stopped = true;
      pause.end();
    },
  };
}
