import type { Entry } from "../protocol/entry";
import type { Item } from "./state";

/**
 * Adds entries to what is on the screen: each once, in the order of arrival. An entry that is our own message takes its
 * place; everything else goes before messages that were never tried, because those will be answered later.
 */
export function mergeEntries(items: readonly Item[], entries: readonly Entry[]): readonly Item[] {
  const merged = [...items];
  for (const entry of entries) {
    if (merged.some((item) => item.kind === "entry" && item.entry.id === entry.id)) continue;
    const key = entry.messageId ?? entry.id;
    const item: Item = { kind: "entry", key, entry };
    const own = merged.findIndex((candidate) => candidate.key === key);
    if (own >= 0) {
      merged[own] = item;
      continue;
    }
    const queued = merged.findIndex((candidate) => candidate.kind === "outgoing" && candidate.delivery.status === "queued");
    merged.splice(queued < 0 ? merged.length : queued, 0, item);
  }
  return merged;
}
