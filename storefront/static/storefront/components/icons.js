/** Icons, 24 by 24, drawn with lines; hidden from screen readers, because a text always says the same. */
import { html } from "../html.js";

const PATHS = {
  cart: "M3 4h2.2l2.3 11h10.4l2.1-8H6.2M9 20h.01M17 20h.01",
  orders: "M6 3h12v18l-3-2-3 2-3-2-3 2zM9.5 8h5M9.5 12h5",
  heart: "M12 20.5C5.5 16 3 12.5 3 8.9a4.7 4.7 0 0 1 9-2 4.7 4.7 0 0 1 9 2c0 3.6-2.5 7.1-9 11.6z",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l5 5",
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  bin: "M5 7h14M9.5 7V4h5v3M7 7l1 13h8l1-13",
  share: "M12 15V3.5M7.5 8L12 3.5 16.5 8M5 12v8h14v-8",
  check: "M5 12.5l4.5 4.5L19 7.5",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M9 9h.01",
  info: "M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18zM12 11v5M12 8h.01",
  phone: "M6 3h4l2 5-2.5 1.5a11 11 0 0 0 5 5L16 12l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z",
  chat: "M4 5h16v11H9l-5 4z",
  mail: "M3 6h18v12H3zM3 7l9 6 9-6",
  place: "M12 21s-7-6-7-11a7 7 0 1 1 14 0c0 5-7 11-7 11zM12 8a2 2 0 1 1 0 4a2 2 0 0 1 0-4z",
  alert: "M12 8v5M12 16.5h.01M12 3l9.5 17h-19z",
  offline: "M3 3l18 18M8.5 16a5 5 0 0 1 6 0M5 12.5a10 10 0 0 1 4-2.3M15.5 10.5a10 10 0 0 1 3.5 2M2 9a15 15 0 0 1 4-2.6M11 5a15 15 0 0 1 11 4M12 20h.01",
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {{name: IconName}} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
