/** Markup as tagged templates; what is put in is text, never HTML. */
import htm from "./vendor/htm.js";
import { h } from "./vendor/preact.js";

export const html = htm.bind(h);
