/** A product's picture: its place is kept while it loads, and gets a placeholder if that fails. */
import { html } from "../html.js";
import { Icon } from "./icons.js";
import { shop } from "../page_data.js";
import { useLayoutEffect, useRef, useState } from "../vendor/hooks.js";

// The shop keeps a small copy of each picture that was uploaded.
const UPLOADED = new RegExp(`${shop.thumbnails.pattern}$`);
const SIDE = 600; // pixels of a picture whose size is unknown
/** @param {string} src */
export const thumbnail = (src) => (UPLOADED.test(src) ? src.replace(/\.\w+$/, shop.thumbnails.suffix) : src);

/** @param {{src?: string | null, of?: API.Picture, alt: string, soon?: boolean, small?: boolean}} props
 *  `of`: instead of `src`; `soon`: it is seen at once; `small`: half the width of a phone is enough */
export function Picture({ of, src = of?.url, alt, soon = false, small = false }) {
  const [failed, setFailed] = useState(/** @type {string[]} */ ([]));
  const image = useRef(/** @type {HTMLImageElement | null} */ (null));
  const found = src && [small ? thumbnail(src) : src, src].find((each) => !failed.includes(each));
  const fail = () => found && setFailed([...failed, found]);
  useLayoutEffect(() => {
    if (image.current?.complete && !image.current.naturalWidth) fail(); // it failed before the scripts were there
  }, []);
  if (!found) {
    return html`<span class="picture none" role=${alt && "img"} aria-label=${alt || undefined}><${Icon} name="picture" /></span>`;
  }
  return html`<span class="picture">
    <img
      ref=${image} src=${found} alt=${alt} width=${of?.width ?? SIDE} height=${of?.height ?? SIDE} decoding="async"
      loading=${soon ? "eager" : "lazy"} fetchpriority=${soon ? "high" : "auto"}
      onError=${fail} />
  </span>`;
}
