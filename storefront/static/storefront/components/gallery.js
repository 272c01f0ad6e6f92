/** Picture gallery: swiped with a finger, stepped through with keys or buttons. */
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Icon } from "./icons.js";
import { Picture } from "./picture.js";
import { useRef, useState } from "../vendor/hooks.js";

/** @param {{name: string, pictures: API.Picture[]}} props `name` of the product */
export function Gallery({ name, pictures }) {
  const strip = useRef(/** @type {HTMLUListElement | null} */ (null));
  const [shown, setShown] = useState(0);
  if (pictures.length < 2) return html`<div class="gallery"><${Picture} of=${pictures[0]} alt=${pictures.length ? name : t("noPicture")} soon /></div>`;

  // Not of `strip`: the last of it may be told when the page is another one.
  /** @param {{currentTarget: HTMLElement}} event */
  const noteShown = ({ currentTarget: { scrollLeft, clientWidth } }) => setShown(Math.round(scrollLeft / clientWidth));
  /** @param {number} number */
  const show = (number) => strip.current?.scrollTo({ left: number * strip.current.clientWidth });
  /** @param {KeyboardEvent} event */
  const step = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    show(shown + (event.key === "ArrowRight" ? 1 : -1));
  };
  const count = pictures.length;
  return html`<div class="gallery" role="group" aria-label=${t("pictures", { name })}>
    <ul ref=${strip} tabindex="0" aria-label=${t("pictures", { name })} onScroll=${noteShown} onKeyDown=${step}>
      ${pictures.map((picture, index) => html`<li key=${picture.url}>
        <${Picture} of=${picture} alt=${`${name}, ${t("picture", { number: index + 1, count })}`} soon=${index === 0} />
      </li>`)}
    </ul>
    <button type="button" class="round previous" aria-label=${t("previousPicture")} aria-disabled=${shown === 0} onClick=${() => show(shown - 1)}>
      <${Icon} name="back" />
    </button>
    <button type="button" class="round next" aria-label=${t("nextPicture")} aria-disabled=${shown === count - 1} onClick=${() => show(shown + 1)}>
      <${Icon} name="next" />
    </button>
    <p class="dots">
      <span class="unseen">${t("picture", { number: shown + 1, count })}</span>
      ${pictures.map(({ url }, index) => html`<i key=${url} class=${index === shown ? "on" : ""}></i>`)}
    </p>
  </div>`;
}
