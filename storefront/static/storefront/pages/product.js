/** A product: pictures, price, description, and the button that adds it to the cart. */
import * as api from "../api.js";
import { useKeptFocus } from "../components/focus.js";
import { Gallery } from "../components/gallery.js";
import { Icon } from "../components/icons.js";
import { Link } from "../components/link.js";
import { MainAction } from "../components/main_action.js";
import { Empty, Failure } from "../components/messages.js";
import { announce } from "../components/notices.js";
import { PageTop } from "../components/page_top.js";
import { Discount, Price } from "../components/price.js";
import { CartLink } from "../components/shop_top.js";
import { Stepper } from "../components/stepper.js";
import { useLoading } from "../components/use_loading.js";
import { html } from "../html.js";
import { priceText, t } from "../i18n/language.js";
import { go } from "../router.js";
import { add, cart, quantityInCart } from "../stores/cart.js";
import { knownProduct } from "../stores/product_lists.js";
import { useStore } from "../stores/store.js";
import { haptics } from "../telegram/client.js";
import { share } from "../telegram/sharing.js";

/** @param {{route: import("../router.js").ProductRoute}} props */
export default function ProductPage({ route: { id } }) {
  const { value: product, problem, retry } = useLoading((signal) => api.product(id, signal), [id], knownProduct(id));
  if (problem?.status === 404) {
    return html`<${PageTop} title=${t("catalog")} />
      <${Empty} icon="cart" title=${t("productGone")} hint=${t("productGoneHint")}>
        <${Link} class="button" to=${{ page: "catalog" }} replace>${t("toCatalog")}<//>
      <//>`;
  }
  if (problem && !product) return html`<${PageTop} title=${t("catalog")} /><${Failure} problem=${problem} retry=${retry} />`;
  if (!product) return html`<${PageTop} title=${t("loading")} /><div class="product skeleton"><div class="gallery"></div><h1></h1></div>`;
  return html`<${Product} product=${product} />`;
}

/** @param {{product: API.Product}} props */
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

/** @param {{product: API.Product}} props */
function Buying({ product }) {
  useStore(cart);
  const { id, name, price } = product;
  const quantity = quantityInCart(id);
  const place = useKeptFocus();
  const addToCart = () => {
    if (!add(product)) return;
    haptics.success();
    announce(t("added", { name }));
  };
  return html`<div class="purchase" ref=${place}>
    ${quantity > 0 && html`<${Stepper} id=${id} name=${name} quantity=${quantity} />`}
    ${quantity > 0
      ? html`<${MainAction} text=${t("toCart")} onPress=${() => go({ page: "cart" })} />`
      : html`<${MainAction} text=${`${t("addToCart")} · ${priceText(price)}`} onPress=${addToCart} />`}
  </div>`;
}
