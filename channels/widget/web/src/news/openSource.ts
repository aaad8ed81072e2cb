import type { Source } from "./followNews";

/** A browser's EventSource, reduced to what is used. */
export function openSource(url: string): Source {
  const events = new EventSource(url);
  const source: Source = { onopen: null, onmessage: null, onerror: null, close: () => events.close() };
  events.onopen = () => source.onopen?.();
  events.onmessage = (event: MessageEvent<string>) => source.onmessage?.(event);
  events.onerror = () => source.onerror?.();
  return source;
}
