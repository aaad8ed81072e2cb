import { en } from "./en";
import { es } from "./es";
import { fr } from "./fr";
import type { Locale } from "./locale";

export interface Strings {
  readonly title: string;
  readonly subtitle: string;
  readonly open: string;
  readonly close: string;
  readonly menu: string;
  readonly goBack: string;
  readonly askPerson: string;
  readonly startOver: string;
  readonly confirmStartOver: string;
  readonly cancel: string;
  readonly transcript: string;
  readonly suggestions: string;
  readonly chooseSeveral: string;
  readonly confirm: string;
  readonly pick: (min: number, max: number) => string;
  readonly placeholder: string;
  readonly send: string;
  readonly pickDate: string;
  readonly you: string;
  readonly assistant: string;
  readonly team: string;
  readonly typing: string;
  readonly notSent: string;
  readonly retry: string;
  readonly waiting: string;
  readonly refused: string;
  readonly unavailable: string;
  readonly unreachable: string;
  readonly tryAgain: string;
  readonly startedFresh: string;
  readonly dismiss: string;
  readonly newTab: string;
  readonly progress: (done: number, of: number) => string;
  readonly unread: (count: number) => string;
}

export const STRINGS: Readonly<Record<Locale, Strings>> = { en, fr, es };
