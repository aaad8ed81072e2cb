// Builds dist/widget.js (the one file a website loads), or with --tests the unit tests into dist/tests/.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

// Every agency's visitors pay for each byte; the build refuses to grow beyond what was promised.
const LIMIT_GZIPPED = 20 * 1024;

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const shared = {
  absWorkingDir: new URL(".", import.meta.url).pathname,
  bundle: true,
  charset: "utf8",
  define: { __VERSION__: JSON.stringify(version) },
  logLevel: "warning",
};

const minifiedCss = {
  name: "minified-css",
  setup(host) {
    host.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const result = await build({ entryPoints: [path], minify: true, write: false, target: ["safari15"] });
      return { contents: result.outputFiles[0].text.trim(), loader: "text" };
    });
  },
};

if (process.argv.includes("--tests")) {
  rmSync(new URL("dist/tests", import.meta.url), { recursive: true, force: true });
  await build({
    ...shared,
    entryPoints: readdirSync(new URL("test", import.meta.url))
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => `test/${name}`),
    outdir: "dist/tests",
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
    packages: "external",
    sourcemap: "inline",
    plugins: [minifiedCss],
  });
} else {
  await build({
    ...shared,
    entryPoints: ["src/main.ts"],
    outfile: "dist/widget.js",
    format: "iife",
    target: ["es2022", "safari15"],
    minify: true,
    legalComments: "none",
    plugins: [minifiedCss],
  });
  const size = gzipSync(readFileSync(new URL("dist/widget.js", import.meta.url)), { level: 9 }).length;
  console.log(`dist/widget.js: ${(size / 1024).toFixed(1)} KB gzipped (limit ${LIMIT_GZIPPED / 1024} KB)`);
  if (size > LIMIT_GZIPPED) process.exit(1);
}
