/** A yes-or-no question: Telegram's popup, or a dialog on the page. */
import { html } from "../html.js";
import { createStore, useStore } from "../stores/store.js";
import { atLeast } from "../telegram/client.js";
import { useEffect, useRef } from "../vendor/hooks.js";

/** @typedef {{text: string, yes: string, no: string, resolve: (sure: boolean) => void}} Question */

const question = createStore(/** @type {Question | null} */ (null));

/** @param {string} text @param {{yes: string, no: string}} answers @returns {Promise<boolean>} */
export function confirm(text, { yes, no }) {
  return new Promise((resolve) => {
    const app = atLeast("6.2");
    if (!app) return question.set({ text, yes, no, resolve });
    const buttons = /** @type {const} */ ([{ id: "yes", type: "destructive", text: yes }, { id: "no", type: "default", text: no }]);
    app.showPopup({ message: text, buttons: [...buttons] }, (pressed) => resolve(pressed === "yes"));
  });
}

export function Confirmation() {
  const asked = useStore(question);
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    if (asked) dialog.current?.showModal();
  }, [asked]);
  if (!asked) return null;
  /** @param {boolean} sure */
  const answer = (sure) => {
    dialog.current?.close();
    question.set(null);
    asked.resolve(sure);
  };
  /** @param {Event} event */
  const cancel = (event) => {
    event.preventDefault();
    answer(false);
  };
  return html`<dialog ref=${dialog} aria-labelledby="question" onCancel=${cancel}>
    <p id="question">${asked.text}</p>
    <div class="choices">
      <button type="button" class="button quiet danger" onClick=${() => answer(true)}>${asked.yes}</button>
      <button type="button" class="button" onClick=${() => answer(false)}>${asked.no}</button>
    </div>
  </dialog>`;
}
