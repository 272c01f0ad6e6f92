/** Search field: searches while the customer types, after a short pause. */
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Icon } from "./icons.js";
import { shop } from "../page_data.js";
import { go, route as shown } from "../router.js";
import { Suggestions } from "./suggestions.js";
import { useEffect, useRef, useState } from "../vendor/hooks.js";

const PAUSE = 250; // milliseconds without a key

/** @param {{route: import("../router.js").CatalogRoute, isListLoading: boolean}} props */
export function SearchField({ route, isListLoading }) {
  const [text, setText] = useState(route.search);
  const [isTyping, setTyping] = useState(false);
  const timer = useRef(0);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    if (timer.current || route.search === text) return;
    setText(route.search); // back, forward, a category or "show all" has changed it
    setTyping(false);
  }, [route.search]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const forget = () => {
    clearTimeout(timer.current);
    timer.current = 0;
  };
  /** @param {string} wanted */
  const search = (wanted) => {
    forget();
    // A category or another page may have been chosen since the last key.
    const now = shown.get();
    if (now.page === "catalog") go({ ...now, search: wanted }, { replace: true });
  };
  /** @param {{currentTarget: HTMLInputElement}} event */
  const type = ({ currentTarget }) => {
    const wanted = currentTarget.value;
    setText(wanted);
    setTyping(true);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => search(wanted), PAUSE);
  };
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    search(text);
    setTyping(false);
    field.current?.blur(); // puts the keyboard of a phone away
  };
  const clear = () => {
    setText("");
    search("");
    field.current?.focus();
  };
  return html`<form class="search" role="search" onSubmit=${submit}>
    <${Icon} name="search" />
    <input ref=${field} type="search" value=${text} maxlength=${shop.limits.search} enterkeyhint="search" autocomplete="off"
      aria-label=${t("search")} placeholder=${t("search")} onInput=${type} />
    ${text && html`<button type="button" aria-label=${t("clearSearch")} onClick=${clear}><${Icon} name="close" /></button>`}
  </form>
  ${isTyping && route.search.trim() && html`<${Suggestions} text=${route.search.trim()} isListLoading=${isListLoading} onChoose=${forget} />`}`;
}
