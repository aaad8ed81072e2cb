// Copies the minified libraries, exactly as published, to where the console serves them from.
import { copyFileSync, mkdirSync } from "node:fs";

const target = new URL("../static/vendor/", import.meta.url);
const files = {
  "htmx.min.js": "node_modules/htmx.org/dist/htmx.min.js",
  "htmx-sse.min.js": "node_modules/htmx-ext-sse/dist/sse.min.js",
};

mkdirSync(target, { recursive: true });
for (const [name, source] of Object.entries(files)) {
  copyFileSync(new URL(source, import.meta.url), new URL(name, target));
}
