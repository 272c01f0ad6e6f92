/** CSS variables from Telegram's theme, kept readable: some themes have pale hints and buttons. */
import { shop } from "../page_data.js";

const READABLE = 4.5; // WCAG 2.2, 1.4.3
// --surface of storefront.css, for older clients, which give none.
const LIGHT_SURFACE = [242, 244, 246];
const DARK_SURFACE = [28, 37, 48];
const STEPS = 25; // from a colour to black or white
const DISTINCT = 1.5; // a button that is told from the page
/**
 * The shop's variable, Telegram's name, the variable that it is read on (or that is read on it), and Telegram's name in
 * older clients.
 * @type {[variable: string, theirs: string, against?: string, before?: string][]}
 */
const COLOURS = [
  ["--bg", "bg_color"],
  ["--surface", "secondary_bg_color"],
  ["--text", "text_color", "--surface"],
  ["--hint", "hint_color", "--surface"],
  ["--accent", "accent_text_color", "--surface", "link_color"],
  ["--danger", "destructive_text_color", "--surface"],
  ["--button-text", "button_text_color"],
  ["--button", "button_color", "--button-text"],
];

/** @typedef {number[]} Colour red, green and blue, from 0 to 255 */

/**
 * @param {Record<string, string | undefined> | null} params as Telegram names them
 * @returns {{color: `#${string}`, text_color: `#${string}`} | null} the colours of Telegram's button, if the merchant has chosen one
 */
export function applyTheme(params) {
  const colours = readableColours(params, shop.accent);
  if (!colours) return null;
  const root = document.documentElement;
  root.dataset.theme = isDark(colours["--bg"]) ? "dark" : "light";
  for (const [name] of COLOURS) {
    if (colours[name]) root.style.setProperty(name, `rgb(${colours[name].join(" ")})`);
    else root.style.removeProperty(name);
  }
  return shop.accent ? { color: hex(colours["--button"]), text_color: hex(colours["--button-text"]) } : null;
}

/**
 * Choose the colours of the shop from Telegram's.
 * @param {Record<string, string | undefined> | null} params
 * @param {string | null} [accent] the merchant's, as the server treats it too (storefront/accent.py)
 * @returns {Record<string, Colour> | null} by variable; null if there is no background or no text colour
 */
export function readableColours(params, accent = null) {
  if (!rgb(params?.bg_color) || !rgb(params?.text_color)) return null;
  /** @type {Record<string, Colour>} */
  const colours = {};
  for (const [name, theirs, against, before] of COLOURS) {
    const colour = rgb(params?.[theirs] ?? (before && params?.[before]));
    if (!colour) continue;
    colours[name] = against && colours[against] ? readable(colour, colours[against], colours["--bg"]) : colour;
  }
  return { ...colours, ...merchantsColours(accent, colours) };
}

/** @param {string | null} accent @param {Record<string, Colour>} colours of the theme @returns {Record<string, Colour>} */
function merchantsColours(accent, { "--bg": page, "--surface": given }) {
  const own = rgb(accent ?? "");
  if (!own) return {};
  const surface = given ?? (isDark(page) ? DARK_SURFACE : LIGHT_SURFACE);
  const button = moved(own, page, (colour) => contrast(colour, page) >= DISTINCT);
  // One of the two has a contrast of 4.58 or more with any colour.
  const text = contrast([0, 0, 0], button) > contrast([255, 255, 255], button) ? [0, 0, 0] : [255, 255, 255];
  return { "--accent": readable(own, surface, page), "--button": button, "--button-text": text };
}

/**
 * Move a colour until it can be read.
 * @param {Colour} colour
 * @param {Colour} against
 * @param {Colour} page
 */
const readable = (colour, against, page) => moved(colour, against, (each) => isReadable(each, against, page));

/**
 * Move a colour towards black or white, whichever is further from what it stands on.
 * @param {Colour} colour
 * @param {Colour} against
 * @param {(colour: Colour) => boolean} isEnough
 */
function moved(colour, against, isEnough) {
  const end = luminance(against) > 0.18 ? 0 : 255;
  let mixed = colour;
  for (let step = 1; step <= STEPS && !isEnough(mixed); step += 1) {
    mixed = colour.map((part) => Math.round(part + (end - part) * (step / STEPS)));
  }
  return mixed;
}

/** @param {Colour} colour @param {Colour} against @param {Colour} page */
function isReadable(colour, against, page) {
  const onPage = luminance(page) > 0.18 === luminance(against) > 0.18;
  return contrast(colour, against) >= READABLE && (!onPage || contrast(colour, page) >= READABLE);
}

/** @param {string | undefined} text such as "#17212b" @returns {Colour | null} */
function rgb(text) {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text ?? "");
  return match && match.slice(1).map((part) => parseInt(part, 16));
}

/** @param {Colour} page */
const isDark = (page) => luminance(page) < 0.2;

/** @param {Colour} colour @returns {`#${string}`} */
const hex = (colour) => `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;

/** WCAG 2.2, contrast ratio. @param {Colour} one @param {Colour} other */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.2, relative luminance. @param {Colour} colour */
function luminance(colour) {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
