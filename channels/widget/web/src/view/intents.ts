import type { Locale } from "../i18n/locale";
import type { Outgoing } from "../protocol/outgoing";
import type { Upload } from "../protocol/uploadFile";

/** What the visitor does; the views call, the application answers. */
export interface Intents {
  toggle(): void;
  close(): void;
  say(text: string, payload: Outgoing["payload"]): void;
  retry(): void;
  /** Switches the widget's own words, and asks the assistant to follow. */
  speak(locale: Locale): void;
  /** Begins to send a file; null while no conversation is there to take it. */
  upload(question: string, file: File, mediaType: string, onProgress: (share: number) => void): Upload | null;
  startAgain(): void;
  /** What has failed to begin is tried once more. */
  tryAgain(): void;
  askRestart(): void;
  cancelRestart(): void;
  dismissNotice(): void;
}
