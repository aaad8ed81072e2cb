import type { Outgoing } from "../protocol/outgoing";

/** What the visitor does; the views call, the application answers. */
export interface Intents {
  toggle(): void;
  close(): void;
  say(text: string, payload: Outgoing["payload"]): void;
  retry(): void;
  startAgain(): void;
  askRestart(): void;
  cancelRestart(): void;
  dismissNotice(): void;
}
