/** The address when a visitor may be led there (http or https, absolute); null otherwise, so no `javascript:` link can arise. */
export function safeUrl(text: string): string | null {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}
