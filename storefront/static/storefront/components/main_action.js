/** The main button of a page: Telegram's MainButton, or a button like it at the bottom of the page. */
import { html } from "../html.js";
import { useStore } from "../stores/store.js";
import { client } from "../telegram/client.js";
import { useEffect, useLayoutEffect, useRef } from "../vendor/hooks.js";

/** @param {{text: string, onPress: () => void, busy?: boolean, children?: import("../html.js").Children}} props
 *  `children` is shown in place of `text` where there is room. */
export function MainAction({ text, onPress, busy = false, children }) {
  const app = useStore(client);
  const press = useRef(onPress);
  press.current = busy ? () => {} : onPress;

  useLayoutEffect(() => {
    if (!app) return;
    const pressed = () => press.current();
    app.MainButton.onClick(pressed);
    return () => {
      app.MainButton.offClick(pressed);
      app.MainButton.hideProgress();
      app.MainButton.hide();
    };
  }, [app]);
  useEffect(() => {
    if (!app) return;
    app.MainButton.setText(text);
    app.MainButton.show();
    if (busy) app.MainButton.showProgress();
    else app.MainButton.hideProgress();
  }, [app, text, busy]);

  if (app) return null;
  return html`<div class="main-action">
    <button type="button" class="button" aria-busy=${busy} onClick=${() => press.current()}>
      ${busy ? html`<span class="spinner"></span>${text}` : (children ?? text)}
    </button>
  </div>`;
}
