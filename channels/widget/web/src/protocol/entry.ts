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
  readonly text: string;
  /** The id the widget gave a visitor's message. */
  readonly messageId: string | null;
  readonly buttons: readonly Button[];
  readonly input: InputHint | null;
  readonly attachment: Attachment | null;
  readonly progress: Progress | null;
}
