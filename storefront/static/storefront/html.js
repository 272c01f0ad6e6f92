/** Markup as tagged templates; what is put in is text, never HTML. */
import { h } from "./vendor/preact.js";
import htm from "./vendor/htm.js";

export const html = htm.bind(h);
