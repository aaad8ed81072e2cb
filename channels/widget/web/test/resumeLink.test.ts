import assert from "node:assert/strict";
import { test } from "node:test";
import { takeResumeToken } from "../src/config/takeResumeToken";

function opened(hash: string): { token: string | null; address: string | null } {
  let address: string | null = null;
  const location = { hash, pathname: "/shop", search: "?a=1" } as Location;
  const history = { state: null, replaceState: (_state: unknown, _title: string, url: string) => (address = url) } as unknown as History;
  return { token: takeResumeToken(location, history), address };
}

test("a resume link's token leaves the address bar, and nothing else does", () => {
  assert.deepEqual(opened("#markezy-resume=a.b-c_d"), { token: "a.b-c_d", address: "/shop?a=1" });
  assert.deepEqual(opened("#prices&markezy-resume=a.b&x=1"), { token: "a.b", address: "/shop?a=1#prices&x=1" });
});

test("a page opened without one is left alone", () => {
  for (const hash of ["", "#prices", "#x-markezy-resume=a"]) assert.deepEqual(opened(hash), { token: null, address: null });
});

test("an empty token is none, and goes from the address bar too", () => {
  assert.deepEqual(opened("#markezy-resume="), { token: null, address: "/shop?a=1" });
});
