import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileKinds } from "../src/view/fileKinds";
import { fileSize } from "../src/view/fileSize";

describe("the files a question takes", () => {
  test("are told by their endings, whatever the browser makes of them", () => {
    const { typeOf } = fileKinds(["application/pdf", "text/csv"]);
    assert.equal(typeOf("Brief.PDF", ""), "application/pdf");
    assert.equal(typeOf("list.csv", "application/vnd.ms-excel"), "text/csv");
    assert.equal(typeOf("scan", "application/pdf"), "application/pdf");
    for (const [name, declared] of [["logo.png", "image/png"], ["pdf", ""], ["brief.pdf.exe", "application/x-msdownload"]] as const) {
      assert.equal(typeOf(name, declared), null, name);
    }
  });

  test("may be a whole family, and are all the bot takes when none is named", () => {
    assert.equal(fileKinds(["image/*"]).shown, "PNG, JPG, GIF, WEBP");
    assert.equal(fileKinds(["image/*"]).typeOf("photo.jpeg", ""), "image/jpeg");
    assert.equal(fileKinds(["image/*"]).typeOf("brief.pdf", "application/pdf"), null);
    assert.ok(fileKinds([]).typeOf("brief.pdf", ""));
    assert.ok(fileKinds(["image/*"]).accept.split(",").includes(".jpeg"));
  });
});

test("sizes read as people write them", () => {
  assert.equal(fileSize(2.44 * 1024 * 1024, "en"), "2.4 MB");
  assert.equal(fileSize(2.44 * 1024 * 1024, "fr").replace(/\s/g, " "), "2,4 Mo");
  assert.equal(fileSize(1, "en"), "1 kB");
});
