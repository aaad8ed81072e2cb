import { asObject, asText, parseJson } from "./json";
import type { Result } from "./result";

// The bot waits for a conversation's lock before it answers: longer than that is a lost connection.
const TIMEOUT_MS = 30_000;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** One request of the widget protocol, its outcome sorted by what to do next. Never throws. */
export async function request<T>(fetch: Fetch, url: string, init: RequestInit, parse: (body: unknown) => T | null): Promise<Result<T>> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(url, { ...init, signal: abort.signal, credentials: "omit", cache: "no-store" });
    const body = parseJson(await response.text());
    if (response.ok) {
      const value = parse(body);
      return value === null ? { kind: "unreachable", retryAfterMs: null } : { kind: "ok", value };
    }
    return failure(response, body);
  } catch {
    return { kind: "unreachable", retryAfterMs: null };
  } finally {
    clearTimeout(timer);
  }
}

function failure(response: Response, body: unknown): Result<never> {
  const { status } = response;
  if (status === 401 || status === 404 || status === 410) return { kind: "gone" };
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    const seconds = Number(response.headers.get("Retry-After"));
    return { kind: "unreachable", retryAfterMs: seconds > 0 ? seconds * 1000 : null };
  }
  return { kind: "refused", reason: asText(asObject(body)?.["detail"]) || null };
}
