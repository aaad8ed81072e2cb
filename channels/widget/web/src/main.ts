import { readConfig } from "./config/readConfig";
import { takeResumeToken } from "./config/takeResumeToken";
import { createApp } from "./createApp";
import { newId } from "./newId";
import { createClient } from "./protocol/createClient";
import { createPublicApi, type PublicApi } from "./createPublicApi";
import { createMemory } from "./storage/memory";

declare global {
  interface Window {
    Markezy?: PublicApi;
  }
}

function boot(script: HTMLScriptElement): void {
  const config = readConfig(script, document, navigator.language);
  if (!config) {
    console.warn("Markezy: the script tag needs data-widget-key and the bot's address as src.");
    return;
  }
  const memory = createMemory(
    config.widgetKey,
    config.flow,
    newId,
    () => localStorage,
    () => sessionStorage,
  );
  const app = createApp(config, {
    client: createClient(config, (url, init) => fetch(url, init)),
    memory,
    page: document,
    linkToken: takeResumeToken(location, history),
    openSource: (url) => new EventSource(url),
    newId,
  });
  window.addEventListener("online", app.wake);
  // A page out of view gives its connection back; it catches up when it returns.
  document.addEventListener("visibilitychange", () => (document.hidden ? app.sleep() : app.wake()));
  window.addEventListener("storage", (event) => {
    if (event.key === memory.key) app.memoryChanged();
  });
  // A resume link opened in a tab that shows the page already changes its fragment only.
  window.addEventListener("hashchange", () => {
    const token = takeResumeToken(location, history);
    if (token) app.resumeFromLink(token);
  });
  // Any link to "#markezy" opens the chat, so that a page needs no script of its own for it.
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest('a[href="#markezy"]')) return;
    event.preventDefault();
    app.open();
  });
  window.Markezy = createPublicApi(app);
  window.dispatchEvent(new CustomEvent("markezy:ready"));
}

const script = (document.currentScript as HTMLScriptElement | null) ?? document.querySelector<HTMLScriptElement>("script[data-widget-key]");

// A tag manager may run the tag twice: the first widget stays.
if (script && !window.Markezy) {
  if (document.body) boot(script);
  else document.addEventListener("DOMContentLoaded", () => boot(script));
}
