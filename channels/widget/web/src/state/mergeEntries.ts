import type { Entry } from "../protocol/entry";
import type { Item } from "./state";

/**
 * Adds entries to what is on the screen: each once, in the order of arrival. An entry that is our own message takes its
 * place, in the words the visitor saw on the button; everything else goes before messages that were never tried, because those will be answered later.
 */
export function mergeEntries(items: readonly Item[], entries: readonly Entry[]): readonly Item[] {
  const merged = [...items];
  for (const entry of entries) {
    if (merged.some((item) => item.kind === "entry" && item.entry.id === entry.id)) continue;
    const key = entry.messageId ?? entry.id;
    const at = merged.findIndex((candidate) => candidate.key === key);
    const own = merged[at];
    if (own?.kind === "outgoing") {
      merged[at] = { kind: "entry", key, entry: { ...entry, text: own.outgoing.text } };
      continue;
    }
    const item: Item = { kind: "entry", key, entry };
    const queued = merged.findIndex((candidate) => candidate.kind === "outgoing" && candidate.delivery.status === "queued");
    merged.splice(queued < 0 ? merged.length : queued, 0, item);
  }
  return merged;
}
