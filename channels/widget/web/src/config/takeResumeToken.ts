const PART = "markezy-resume=";

/**
 * The token of a resume link, taken out of the address bar: it must not be seen, bookmarked or sent on with the page's address.
 * The fragment's other parts stay. Null when the address carries none.
 */
export function takeResumeToken(location: Location, history: History): string | null {
  const parts = location.hash.slice(1).split("&");
  const token = parts.find((part) => part.startsWith(PART));
  if (token === undefined) return null;
  const rest = parts.filter((part) => !part.startsWith(PART)).join("&");
  history.replaceState(history.state, "", location.pathname + location.search + (rest && `#${rest}`));
  return token.slice(PART.length) || null;
}
