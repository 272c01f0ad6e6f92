/** Markup as tagged templates; inserted values are text, never HTML. */
import htm from "./vendor/htm.js";
import { h } from "./vendor/preact.js";

/** @typedef {import("./vendor/preact.js").ComponentChildren} Children */

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} htm reads props from text, where types end */
export const html = htm.bind(h);
