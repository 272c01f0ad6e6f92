import assert from "node:assert/strict";
import { test } from "node:test";
import { thumbnail } from "../../static/storefront/components/picture.js";

test("uploaded picture has a thumbnail beside it", () => {
  assert.equal(thumbnail("https://shop.example.org/media/products/0a.jpg"), "https://shop.example.org/media/products/0a.thumb.webp");
  assert.equal(thumbnail("/media/products/0a.webp"), "/media/products/0a.thumb.webp");
});

test("picture from elsewhere has none", () => {
  for (const src of ["https://cdn.example.org/a.jpg", "/media/products/0a.jpg?size=2", "/media/products/0a.png"]) {
    assert.equal(thumbnail(src), src);
  }
});
