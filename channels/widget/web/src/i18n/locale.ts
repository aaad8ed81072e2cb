export type Locale = "en" | "fr" | "es";
