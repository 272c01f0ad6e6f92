/** A product: pictures, price, description, and into the cart. */
import * as api from "./api.js";
import { add, basket, inBasket } from "./basket.js";
import { Empty } from "./empty.js";
import { Failure } from "./failure.js";
import { Gallery } from "./gallery.js";
import { html } from "./html.js";
import { Icon } from "./icons.js";
import { useKeptFocus } from "./kept_focus.js";
import { priceText, t } from "./language.js";
import { Link } from "./link.js";
import { knownProduct } from "./listing.js";
import { MainAction } from "./main_action.js";
import { announce } from "./notices.js";
import { PageTop } from "./page_top.js";
import { Discount, Price } from "./price.js";
import { go } from "./router.js";
import { CartLink } from "./shop_top.js";
import { share } from "./sharing.js";
import { Stepper } from "./stepper.js";
import { useStore } from "./store.js";
import { haptics } from "./telegram.js";
import { useLoading } from "./loading.js";

export default function ProductPage({ route: { id } }) {
  const { value: product, problem, retry } = useLoading((signal) => api.product(id, signal), [id], knownProduct(id));
  if (problem?.status === 404) {
    return html`<${PageTop} title=${t("catalogue")} />
      <${Empty} icon="cart" title=${t("productGone")} hint=${t("productGoneHint")}>
        <${Link} class="button" to=${{ page: "catalogue" }} replace>${t("toCatalogue")}<//>
      <//>`;
  }
  if (problem && !product) return html`<${PageTop} title=${t("catalogue")} /><${Failure} problem=${problem} retry=${retry} />`;
  if (!product) return html`<${PageTop} title=${t("loading")} /><div class="product skeleton"><div class="gallery"></div><h1></h1></div>`;
  return html`<${Product} product=${product} />`;
}

function Product({ product }) {
  const { id, name, sku, description, images, in_stock: inStock } = product;
  return html`
    <${PageTop} title=${name} hideTitle>
      <button type="button" class="round" aria-label=${t("share")} onClick=${() => share(id, name)}><${Icon} name="share" /></button>
      <${CartLink} />
    <//>
    <article class="product">
      <div class="frame">
        <${Gallery} key=${id} name=${name} images=${images} />
        <${Discount} product=${product} />
      </div>
      <div class="facts">
        <h1 tabindex="-1">${name}</h1>
        <${Price} product=${product} />
        ${!inStock && html`<p class="stock">${t("soldOut")}</p>`}
        ${inStock && html`<${Buying} product=${product} />`}
        ${description && html`<h2>${t("description")}</h2><p class="description">${description}</p>`}
        <p class="sku">${t("sku", { sku })}</p>
      </div>
    </article>`;
}

function Buying({ product }) {
  useStore(basket);
  const { id, name, price } = product;
  const quantity = inBasket(id);
  const place = useKeptFocus();
  const put = () => {
    if (!add(product)) return;
    haptics.success();
    announce(t("added", { name }));
  };
  return html`<div class="purchase" ref=${place}>
    ${quantity > 0 && html`<${Stepper} id=${id} name=${name} quantity=${quantity} />`}
    ${quantity > 0
      ? html`<${MainAction} text=${t("toCart")} onPress=${() => go({ page: "cart" })} />`
      : html`<${MainAction} text=${`${t("addToCart")} · ${priceText(price)}`} onPress=${put} />`}
  </div>`;
}
