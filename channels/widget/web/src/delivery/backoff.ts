const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** How long to wait before try number `failures + 1`: doubling, with jitter so that many visitors do not return at once. */
export function backoff(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return ceiling * (0.5 + random() / 2);
}
