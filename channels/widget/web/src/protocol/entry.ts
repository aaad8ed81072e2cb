export type Sender = "visitor" | "assistant" | "staff";

export interface Button {
  readonly title: string;
  readonly payload: string;
}

export interface Option {
  readonly title: string;
  readonly value: unknown;
}

/** A hint for the best way to answer; free text stays possible. */
export interface InputHint {
  readonly type: string;
  readonly question: string;
  readonly options: readonly Option[];
  readonly min: number | string | null;
  readonly max: number | string | null;
  readonly placeholder: string | null;
  /** The answer as it stands, shown, while it is being changed. */
  readonly current: string | null;
  /** What a recap lists. */
  readonly items: readonly RecapItem[];
  /** The kinds of file that may be sent, such as `image/*`; empty for all that the bot takes. */
  readonly mediaTypes: readonly string[];
  /** What the visitor should know before they write. */
  readonly note: string;
}

/** An answer given, as the assistant understood it. */
export interface RecapItem {
  readonly question: string;
  readonly label: string;
  readonly display: string;
}

export interface Attachment {
  readonly title: string;
  readonly url: string;
  readonly mediaType: string;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
}

/** One line of the transcript, as the bot tells it. */
export interface Entry {
  readonly id: string;
  readonly from: Sender;
  /** Who of the staff says it. */
  readonly name: string | null;
  readonly text: string;
  /** The id the widget gave a visitor's message. */
  readonly messageId: string | null;
  /** The question a visitor's message answered. */
  readonly question: string | null;
  readonly buttons: readonly Button[];
  readonly input: InputHint | null;
  readonly attachment: Attachment | null;
  readonly progress: Progress | null;
}
