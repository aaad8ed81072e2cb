/** Where the conversation began, as sent to the agency. */
export interface Page {
  readonly url: string;
  readonly referrer: string;
  readonly utm: Readonly<Record<string, string>>;
}

// What the bot accepts; a longer advertising parameter shall not cost the agency a lead.
const LONGEST_URL = 8_000;
const LONGEST_PARAMETER = 1_000;

/** The page without its fragment: fragments never reach servers and may hold an application's private state. */
export function readPage(href: string, referrer: string): Page {
  const url = new URL(href);
  const utm: Record<string, string> = {};
  url.searchParams.forEach((value, name) => {
    if (name.startsWith("utm_") && value) utm[name.slice("utm_".length)] = value.slice(0, LONGEST_PARAMETER);
  });
  url.hash = "";
  return { url: url.href.slice(0, LONGEST_URL), referrer: referrer.slice(0, LONGEST_URL), utm };
}
