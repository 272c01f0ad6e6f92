/** Telegram's theme as the shop's CSS variables, kept readable: some themes have pale hints and buttons. */

const READABLE = 4.5; // WCAG 2.2, 1.4.3
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

/** @param {Record<string, string | undefined> | null} params as Telegram names them */
export function applyTheme(params) {
  const colours = readableColours(params);
  if (!colours) return;
  const root = document.documentElement;
  root.dataset.theme = luminance(colours["--bg"]) < 0.2 ? "dark" : "light";
  for (const [name] of COLOURS) {
    if (colours[name]) root.style.setProperty(name, `rgb(${colours[name].join(" ")})`);
    else root.style.removeProperty(name);
  }
}

/**
 * Choose the colours of the shop from Telegram's.
 * @param {Record<string, string | undefined> | null} params
 * @returns {Record<string, Colour> | null} by variable; null if there is no background or no text colour
 */
export function readableColours(params) {
  if (!rgb(params?.bg_color) || !rgb(params?.text_color)) return null;
  /** @type {Record<string, Colour>} */
  const colours = {};
  for (const [name, theirs, against, before] of COLOURS) {
    const colour = rgb(params?.[theirs] ?? (before && params?.[before]));
    if (!colour) continue;
    colours[name] = against && colours[against] ? readable(colour, colours[against], colours["--bg"]) : colour;
  }
  return colours;
}

/**
 * Move a colour towards black or white, whichever is further from what it stands on, until it can be read.
 * @param {Colour} colour
 * @param {Colour} against
 * @param {Colour} page
 */
function readable(colour, against, page) {
  const end = luminance(against) > 0.18 ? 0 : 255;
  let moved = colour;
  for (let share = 0; share < 1 && !isReadable(moved, against, page); share += 0.04) {
    moved = colour.map((part) => Math.round(part + (end - part) * share));
  }
  return moved;
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
