/** A question with two answers: Telegram's popup, or a dialog like it on the page. */
import { html } from "../html.js";
import { createStore, useStore } from "../stores/store.js";
import { atLeast } from "../telegram/client.js";
import { useEffect, useRef } from "../vendor/hooks.js";

const question = createStore(null);

/** @param {string} text @param {{yes: string, no: string}} answers @returns {Promise<boolean>} */
export function confirm(text, { yes, no }) {
  return new Promise((resolve) => {
    const app = atLeast("6.2");
    if (!app) return question.set({ text, yes, no, resolve });
    const buttons = [{ id: "yes", type: "destructive", text: yes }, { id: "no", type: "default", text: no }];
    app.showPopup({ message: text, buttons }, (pressed) => resolve(pressed === "yes"));
  });
}

export function Confirmation() {
  const asked = useStore(question);
  const dialog = useRef(null);
  useEffect(() => {
    if (asked) dialog.current.showModal();
  }, [asked]);
  if (!asked) return null;
  const answer = (sure) => {
    dialog.current.close();
    question.set(null);
    asked.resolve(sure);
  };
  return html`<dialog ref=${dialog} aria-labelledby="question" onCancel=${(event) => (event.preventDefault(), answer(false))}>
    <p id="question">${asked.text}</p>
    <div class="choices">
      <button type="button" class="button quiet danger" onClick=${() => answer(true)}>${asked.yes}</button>
      <button type="button" class="button" onClick=${() => answer(false)}>${asked.no}</button>
    </div>
  </dialog>`;
}
