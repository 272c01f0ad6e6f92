/** Short words at the bottom of the page, also spoken to those who do not see them. */
import { html } from "../html.js";
import { createStore, useStore } from "../stores/store.js";

const SECONDS_TO_READ = 5;
const notice = createStore(null);
let timer;

/** @param {string} text @param {{label: string, run: () => void}} [action] */
export function notify(text, action) {
  clearTimeout(timer);
  notice.set({ text, action });
  timer = setTimeout(() => notice.set(null), SECONDS_TO_READ * 1000);
}

const spoken = createStore("");

/** Tell screen readers what everybody else sees. */
export const announce = (text) => spoken.set(text);

export function Notices() {
  const shown = useStore(notice);
  const said = useStore(spoken);
  const act = () => {
    shown.action.run();
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
