import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../../", import.meta.url);
const VENDOR = new URL("storefront/static/storefront/vendor/", ROOT);
const PUBLISHED = {
  "preact.js": { package: "preact", file: "dist/preact.mjs", name: "Preact", home: "https://preactjs.com", licence: "MIT: see LICENSE-preact" },
  "hooks.js": { package: "preact", file: "hooks/dist/hooks.mjs", name: "Preact hooks", home: "https://preactjs.com", licence: "MIT: see LICENSE-preact" },
  "htm.js": { package: "htm", file: "dist/htm.module.js", name: "htm", home: "https://github.com/developit/htm", licence: "Apache 2.0: see LICENSE-htm" },
};

const read = (path) => readFileSync(new URL(path, ROOT), "utf8");
const hash = (text) => createHash("sha256").update(text).digest("hex");

/** The published file with the changes that vendor/README.md names. */
function adapted({ package: source, file, name, home, licence }) {
  const { version } = JSON.parse(read(`node_modules/${source}/package.json`));
  const code = read(`node_modules/${source}/${file}`)
    .replace(/\n?\/\/# sourceMappingURL=.*\n?$/, "")
    .replace('from"preact"', 'from"./preact.js"');
  return `/* ${name} ${version}, ${home}, ${licence} */\n${code.trimEnd()}\n`;
}

test("each script of others is the one that npm publishes", () => {
  const scripts = readdirSync(VENDOR).filter((name) => name.endsWith(".js"));
  assert.deepEqual(scripts.sort(), Object.keys(PUBLISHED).sort());
  for (const [name, source] of Object.entries(PUBLISHED)) {
    assert.equal(hash(readFileSync(new URL(name, VENDOR), "utf8")), hash(adapted(source)), name);
  }
});

test("licences are those of the packages", () => {
  for (const name of ["preact", "htm"]) {
    assert.equal(hash(readFileSync(new URL(`LICENSE-${name}`, VENDOR), "utf8")), hash(read(`node_modules/${name}/LICENSE`)), name);
  }
});
