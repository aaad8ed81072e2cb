// A visitor reading further up is not pulled down by news; a finger's width counts as "at the end".
const NEAR_END_PX = 80;
const ABOVE_PX = 12;

/**
 * Keeps the end of the conversation in view while it grows, and while banners or an on-screen keyboard take room from it,
 * unless the visitor has scrolled away. Where the end is taller than the view, what `keep` names stays visible: a
 * question above its many choices. Gives back a function that returns to the end.
 */
export function stickToEnd(
  scroller: HTMLElement,
  contents: readonly HTMLElement[],
  keep: () => Element | null,
): () => void {
  let atEnd = true;
  let placed = 0;
  const end = (): number => {
    const bottom = scroller.scrollHeight - scroller.clientHeight;
    const kept = keep();
    if (!kept) return bottom;
    const above = kept.getBoundingClientRect().top - scroller.getBoundingClientRect().top - ABOVE_PX;
    return Math.max(0, Math.min(bottom, scroller.scrollTop + above));
  };
  const toEnd = (): void => {
    atEnd = true;
    scroller.scrollTop = end();
    placed = scroller.scrollTop;
  };
  scroller.addEventListener("scroll", () => {
    // Our own scrolling is reported late: by then more lines may have come, and the visitor has not left the end.
    if (scroller.scrollTop !== placed) atEnd = end() - scroller.scrollTop < NEAR_END_PX;
  });
  const sizes = new ResizeObserver(() => {
    if (atEnd) toEnd();
  });
  for (const node of [scroller, ...contents]) sizes.observe(node);
  return toEnd;
}
