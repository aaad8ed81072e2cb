/**
 * How a request ended, in the words the widget decides by: `gone` means the conversation cannot be continued,
 * `refused` that sending the same again is pointless, `unreachable` that it is not.
 */
export type Result<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "gone" }
  | { readonly kind: "refused"; readonly reason: string | null }
  | { readonly kind: "unreachable"; readonly retryAfterMs: number | null };
