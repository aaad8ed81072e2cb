import type { Locale } from "./locale";

/** Each in its own words, for who can't read the present one. */
export const LANGUAGE_NAMES: Readonly<Record<Locale, string>> = { en: "English", fr: "Français", es: "Español" };
