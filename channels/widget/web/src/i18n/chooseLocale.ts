import type { Locale } from "./locale";

/** The widget's language for a BCP 47 tag; English for one it does not speak. */
export function chooseLocale(tag: string): Locale {
  const language = tag.toLowerCase().split(/[-_]/)[0];
  return language === "fr" || language === "es" ? language : "en";
}
