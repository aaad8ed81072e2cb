import type { App } from "./createApp";

/** `window.Markezy`: what the page may ask of the widget. Before the script has loaded, wait for the event `markezy:ready`. */
export interface PublicApi {
  readonly version: string;
  open(): void;
  close(): void;
  /** Calls back once the widget is there; the object exists from then on, so that is at once. */
  onReady(callback: () => void): void;
}

export function createPublicApi(app: App): PublicApi {
  return { version: __VERSION__, open: app.open, close: app.close, onReady: (callback) => callback() };
}
