import type { InputHint } from "../protocol/entry";

export interface InputKind {
  readonly type: "text" | "email" | "tel" | "url";
  readonly inputMode: "text" | "email" | "tel" | "url" | "decimal";
  readonly autocomplete: "off" | "email" | "tel" | "url";
  readonly picksDate: boolean;
}

const TEXT: InputKind = { type: "text", inputMode: "text", autocomplete: "off", picksDate: false };
const PHONE: InputKind = { type: "tel", inputMode: "tel", autocomplete: "tel", picksDate: false };
// A number field would swallow "about 5k" and every question the visitor asks back: the keyboard is hint enough.
const NUMBER: InputKind = { ...TEXT, inputMode: "decimal" };

const KINDS: Readonly<Record<string, InputKind>> = {
  email: { type: "email", inputMode: "email", autocomplete: "email", picksDate: false },
  url: { type: "url", inputMode: "url", autocomplete: "url", picksDate: false },
  website: { type: "url", inputMode: "url", autocomplete: "url", picksDate: false },
  phone: PHONE,
  tel: PHONE,
  number: NUMBER,
  integer: NUMBER,
  amount: NUMBER,
  money: NUMBER,
  date: { ...TEXT, picksDate: true },
};

/** How to take the answer a hint asks for; plain text for a type not known here. */
export function inputKind(hint: InputHint | null): InputKind {
  return (hint && KINDS[hint.type]) || TEXT;
}

/** Whether the answer is written, so that the one being changed can be put into the field. */
export function isWritten(hint: InputHint): boolean {
  return !/choice|yes_no|consent|scale|file|recap/.test(hint.type);
}

export function isMultipleChoice(hint: InputHint): boolean {
  return /multi/.test(hint.type) && hint.options.length > 0;
}
