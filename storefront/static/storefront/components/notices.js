/** Short messages at the bottom of the page, and announcements for screen readers. */
import { html } from "../html.js";
import { createStore, useStore } from "../stores/store.js";

const SECONDS_TO_READ = 5;
/** @typedef {{label: string, run: () => void}} Action */

const notice = createStore(/** @type {{text: string, action?: Action} | null} */ (null));
let timer = 0;

/** Show a message for a few seconds. @param {string} text @param {Action} [action] */
export function notify(text, action) {
  clearTimeout(timer);
  notice.set({ text, action });
  timer = window.setTimeout(() => notice.set(null), SECONDS_TO_READ * 1000);
}

const spoken = createStore("");

/** Have screen readers say what others see. @param {string} text */
export const announce = (text) => spoken.set(text);

export function Notices() {
  const shown = useStore(notice);
  const said = useStore(spoken);
  const act = () => {
    shown?.action?.run();
    notice.set(null);
  };
  return html`
    <div class="notices" role="status">
      ${shown && html`<div class="notice">
        <span>${shown.text}</span>
        ${shown.action && html`<button type="button" onClick=${act}>${shown.action.label}</button>`}
      </div>`}
    </div>
    <div class="unseen" role="status">${said}</div>`;
}
