import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast, readableColours } from "../../static/storefront/telegram/theme.js";

const LIGHT = { bg_color: "#ffffff", secondary_bg_color: "#f0f0f0", text_color: "#000000" };
const DARK = { bg_color: "#17212b", secondary_bg_color: "#232e3c", text_color: "#f5f5f5" };

test("pale colours of a theme are made readable", () => {
  for (const theme of [LIGHT, DARK]) {
    const colours = readableColours({
      ...theme,
      hint_color: "#999999",
      accent_text_color: "#3390ec",
      destructive_text_color: "#e53935",
      button_color: "#50a8eb",
      button_text_color: "#ffffff",
    });
    for (const name of ["--text", "--hint", "--accent", "--danger"]) {
      assert.ok(contrast(colours[name], colours["--surface"]) >= 4.5, name);
      assert.ok(contrast(colours[name], colours["--bg"]) >= 4.5, name);
    }
    assert.ok(contrast(colours["--button"], colours["--button-text"]) >= 4.5);
  }
});

test("readable colours stay as they are", () => {
  const colours = readableColours({ ...LIGHT, hint_color: "#333333" });
  assert.deepEqual([colours["--hint"], colours["--text"]], [[51, 51, 51], [0, 0, 0]]);
});

test("older clients name the accent otherwise", () => {
  assert.deepEqual(readableColours({ ...LIGHT, link_color: "#003366" })["--accent"], [0, 51, 102]);
});

test("theme without background or text is not taken", () => {
  assert.equal(readableColours(null), null);
  assert.equal(readableColours({ text_color: "#000000" }), null);
  assert.equal(readableColours({ bg_color: "#fff", text_color: "#000000" }), null);
});

test("contrast is that of WCAG", () => {
  assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
  assert.equal(contrast([255, 255, 255], [255, 255, 255]), 1);
});

test("every accent of the merchant is readable in every theme", () => {
  for (const theme of [LIGHT, DARK]) {
    for (const accent of ["#000000", "#ffffff", "#ffd400", "#b3541e", "#14619C", "#808080", "#17212b"]) {
      const colours = readableColours({ ...theme, button_color: "#50a8eb", button_text_color: "#ffffff" }, accent);
      for (const ground of ["--bg", "--surface"]) assert.ok(contrast(colours["--accent"], colours[ground]) >= 4.5, accent);
      assert.ok(contrast(colours["--button"], colours["--button-text"]) >= 4.5, accent);
      assert.ok(contrast(colours["--button"], colours["--bg"]) >= 1.5, accent);
    }
  }
});

test("accent is readable on the page's own surface, if an older client gives none", () => {
  for (const [{ bg_color, text_color }, surface] of [[LIGHT, [242, 244, 246]], [DARK, [28, 37, 48]]]) {
    const colours = readableColours({ bg_color, text_color }, "#b3541e");
    assert.ok(contrast(colours["--accent"], surface) >= 4.5);
  }
});

test("accent that is readable stays as it is", () => {
  const colours = readableColours(LIGHT, "#14619C");
  assert.deepEqual([colours["--accent"], colours["--button"], colours["--button-text"]], [[20, 97, 156], [20, 97, 156], [255, 255, 255]]);
});
