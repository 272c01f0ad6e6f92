/** A product in the grid. */
import { useKeptFocus } from "./focus.js";
import { Heart } from "./heart.js";
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Icon } from "./icons.js";
import { Link } from "./link.js";
import { announce } from "./notices.js";
import { Picture } from "./picture.js";
import { Discount, Price } from "./price.js";
import { Stepper } from "./stepper.js";
import { add, cart, quantityInCart } from "../stores/cart.js";
import { useStore } from "../stores/store.js";
import { haptics } from "../telegram/client.js";

/** @param {{product: API.Product, soon: boolean}} props `soon`: its picture is on the first screen */
export function ProductCard({ product, soon }) {
  const { id, name, pictures, in_stock: inStock } = product;
  return html`<li class=${inStock ? "card" : "card sold-out"}>
    <${Link} to=${{ page: "product", id }} id=${`product-${id}`}>
      <div class="frame">
        <${Picture} of=${pictures[0]} alt="" soon=${soon} small />
        <${Discount} product=${product} />
      </div>
      <h3>${name}</h3>
      <${Price} product=${product} />
      ${!inStock && html`<p class="stock">${t("soldOut")}</p>`}
    <//>
    <${Heart} id=${id} name=${name} />
    ${inStock && (product.variant_id ? html`<${AddButton} product=${product} id=${product.variant_id} />` : html`<${ChooseLink} product=${product} />`)}
  </li>`;
}

/** To the page where the options are chosen. @param {{product: API.Product}} props */
function ChooseLink({ product: { id, name } }) {
  return html`<div class="buying">
    <${Link} class="add" to=${{ page: "product", id }} aria-label=${t("chooseOptions", { name })}><${Icon} name="plus" /><//>
  </div>`;
}

/** @param {{product: API.Product, id: number}} props `id` of its only variant */
function AddButton({ product, id }) {
  useStore(cart);
  const { name, price, images } = product;
  const quantity = quantityInCart(id);
  const place = useKeptFocus();
  const addToCart = () => {
    haptics.tap();
    if (add({ id, product: product.id, name, options: [], price, image: images[0] ?? null })) announce(t("added", { name }));
  };
  return html`<div class="buying" ref=${place}>
    ${quantity > 0
      ? html`<${Stepper} id=${id} name=${name} quantity=${quantity} />`
      : html`<button type="button" class="add" aria-label=${t("addNamed", { name })} onClick=${addToCart}><${Icon} name="plus" /></button>`}
  </div>`;
}

/** Placeholders of cards that are being loaded. @param {{count: number}} props */
export function Skeletons({ count }) {
  return Array.from({ length: count }, () => html`<li class="card skeleton" aria-hidden="true"><div class="frame"></div><h3></h3><p></p></li>`);
}
