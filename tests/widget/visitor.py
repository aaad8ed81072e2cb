"""What a visitor does in the widget, and what they see."""

from playwright.sync_api import Page, expect


def open_chat(page: Page) -> None:
    page.get_by_role("button", name="Open the chat").click()
    expect(page.get_by_text("What does your shop sell?")).to_be_visible()


def say(page: Page, text: str) -> None:
    page.get_by_label("Write a message…").locator("visible=true").fill(text)
    page.keyboard.press("Enter")


def storage(page: Page) -> list[str]:
    stored: list[str] = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return stored


def bubbles(page: Page) -> list[str]:
    return [text.replace(":\n", ": ", 1) for text in page.locator(".bubble").all_inner_texts()]


_FAINT_TEXTS = """() => {
  const shadow = document.querySelector("#markezy-widget").shadowRoot;
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = channels(color).slice(0, 3).map((c) => c / 255).map(
      (c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let at = node; at instanceof Element; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if ((channels(color)[3] ?? 1) === 1) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const walker = document.createTreeWalker(shadow, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !node.checkVisibility() || node.matches("style, .hidden-visually")) continue;
    if (node.closest(":disabled, [aria-hidden='true'].avatar")) continue;
    const [one, two] = [light(getComputedStyle(node).color), light(behind(node))].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (two + 0.05);
    if (contrast < 4.5) faint.push(`${walker.currentNode.textContent} (${contrast.toFixed(2)})`);
  }
  return faint;
}"""


def faint_texts(page: Page) -> list[str]:
    """Visible words whose contrast with what is behind them is below WCAG's 4.5 to 1."""
    found: list[str] = page.evaluate(_FAINT_TEXTS)
    return found


def too_small(page: Page) -> list[str]:
    """Controls in view that are smaller than a fingertip, 44 pixels, by name; those without a name too."""
    controls = page.locator("#markezy-widget :is(button, label, textarea, a):visible")
    found: list[str] = []
    for index in range(controls.count()):
        control = controls.nth(index)
        box = control.bounding_box()
        name = control.get_attribute("aria-label") or control.inner_text().strip()
        if box is None or min(box["width"], box["height"]) < 44 or not name:
            found.append(name or control.evaluate("node => node.outerHTML"))
    return found
