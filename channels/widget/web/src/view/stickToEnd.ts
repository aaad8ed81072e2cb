// A visitor reading further up is not pulled down by news; a finger's width counts as "at the end".
const NEAR_END_PX = 80;

/**
 * Keeps the end of the conversation in view while it grows, and while banners or an on-screen keyboard take room from it,
 * unless the visitor has scrolled away. Gives back a function that returns to the end.
 */
export function stickToEnd(scroller: HTMLElement, contents: readonly HTMLElement[]): () => void {
  let atEnd = true;
  const toEnd = (): void => {
    atEnd = true;
    scroller.scrollTop = scroller.scrollHeight;
  };
  scroller.addEventListener("scroll", () => {
    atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
  });
  const sizes = new ResizeObserver(() => {
    if (atEnd) toEnd();
  });
  for (const node of [scroller, ...contents]) sizes.observe(node);
  return toEnd;
}
