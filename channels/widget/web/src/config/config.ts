import type { Locale } from "../i18n/locale";

export type Position = "left" | "right";

/** What the script tag and the page tell the widget. */
export interface Config {
  readonly botUrl: string;
  readonly widgetKey: string;
  /** The agency's flow this page asks for, by its slug; null for whichever the agency made its default. */
  readonly flow: string | null;
  /** The language of the widget's own words. */
  readonly locale: Locale;
  /** The language asked of the assistant: may be one the widget itself does not speak. */
  readonly language: string;
  readonly title: string | null;
  readonly color: string;
  readonly position: Position;
  readonly hidden: Readonly<Record<string, string>>;
}
