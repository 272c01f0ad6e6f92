/** A product: pictures, price, description, and the button that adds it to the cart. */
import * as api from "../api.js";
import { useKeptFocus } from "../components/focus.js";
import { Gallery } from "../components/gallery.js";
import { Heart } from "../components/heart.js";
import { Icon } from "../components/icons.js";
import { Link } from "../components/link.js";
import { MainAction } from "../components/main_action.js";
import { Empty, Failure } from "../components/messages.js";
import { announce } from "../components/notices.js";
import { PageTop } from "../components/page_top.js";
import { Discount, Price } from "../components/price.js";
import { ProductCard } from "../components/product_card.js";
import { CartLink } from "../components/shop_top.js";
import { StockAlert } from "../components/stock_alert.js";
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
import { useState } from "../vendor/hooks.js";

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

/** @param {{product: API.Product | API.ProductDetail}} props with its details once they are loaded */
function Product({ product }) {
  const { id, name, description, in_stock: inStock } = product;
  const { options, variants, properties } = "variants" in product ? product : { options: [], variants: onlyVariant(product), properties: [] };
  const [chosen, choose] = useChoice(options);
  const variant = variants.find((each) => each.options.every((value, place) => value === chosen[place]));
  const shown = variant ?? product;
  return html`
    <${PageTop} title=${name} hideTitle>
      <${Heart} id=${id} name=${name} />
      <button type="button" class="round" aria-label=${t("share")} onClick=${() => share(id, name)}><${Icon} name="share" /></button>
      <${CartLink} />
    <//>
    <article class="product">
      <div class="frame">
        <${Gallery} key=${variant?.pictures.length ? variant.id : -id} name=${name} pictures=${variant?.pictures.length ? variant.pictures : product.pictures} />
        <${Discount} product=${shown} />
      </div>
      <div class="facts">
        <h1 tabindex="-1">${name}</h1>
        <${Price} product=${shown} />
        <${Options} options=${options} variants=${variants} chosen=${chosen} choose=${choose} />
        ${!shown.in_stock && html`<p class="stock">${t("soldOut")}</p>`}
        ${variant && !variant.in_stock && html`<${StockAlert} id=${variant.id} />`}
        ${variant?.max_quantity ? html`<p class="stock">${t("left", { count: variant.max_quantity })}</p>` : null}
        ${inStock && variants.length > 0 && html`<${Buying} product=${product} variant=${variant} missing=${options.filter((_, place) => !chosen[place])} />`}
        <${Properties} properties=${properties} />
        ${description && html`<h2>${t("description")}</h2><p class="description">${description}</p>`}
        <p class="sku">${t("sku", { sku: shown.sku })}</p>
      </div>
    </article>
    <${Related} id=${id} />`;
}

/** What else a customer may like, in a row that scrolls sideways. @param {{id: number}} props */
function Related({ id }) {
  const { value } = useLoading((signal) => api.related(id, signal), [id]);
  return value && value.results.length > 0 && html`<section class="related" aria-labelledby="related">
    <h2 id="related">${t("related")}</h2>
    <ul class="row">${value.results.map((each) => html`<${ProductCard} key=${each.id} product=${each} soon=${false} />`)}</ul>
  </section>`;
}

/**
 * The only variant of a product of a list, so that it can be bought while the rest is being loaded.
 * @param {API.Product} product
 * @returns {API.Variant[]}
 */
function onlyVariant({ variant_id: id, sku, price, old_price, in_stock }) {
  return id ? [{ id, sku, options: [], price, old_price, in_stock, max_quantity: null, images: [], pictures: [] }] : [];
}

/**
 * The chosen value of each option. None is chosen for the customer.
 * @param {API.ProductDetail["options"]} options
 * @returns {[(string | undefined)[], (place: number, value: string) => void]}
 */
function useChoice(options) {
  const [chosen, setChosen] = useState(/** @type {(string | undefined)[]} */ ([]));
  const valid = options.map(({ values }, place) => values.find((value) => value === chosen[place]));
  return [valid, (place, value) => setChosen(valid.map((each, at) => (at === place ? value : each)))];
}

/**
 * Values of the options as buttons. What is sold out with the other choices is grey, and can still be looked at.
 * @param {{options: API.ProductDetail["options"], variants: API.Variant[], chosen: (string | undefined)[],
 *   choose: (place: number, value: string) => void}} props
 */
function Options({ options, variants, chosen, choose }) {
  /** @param {number} place @param {string} value */
  const isAvailable = (place, value) =>
    variants.some((each) => each.in_stock && each.options.every((own, at) => (at === place ? own === value : !chosen[at] || own === chosen[at])));
  return options.map(
    ({ name, values }, place) => html`<fieldset class="options" key=${name}>
      <legend>${name}</legend>
      ${values.map(
        (value) => html`<button type="button" key=${value} class=${isAvailable(place, value) ? "chip" : "chip unsold"} aria-pressed=${chosen[place] === value}
          onClick=${() => choose(place, value)}>${value}${!isAvailable(place, value) && html`<span class="unseen">, ${t("soldOut")}</span>`}</button>`,
      )}
    </fieldset>`,
  );
}

/** @param {Pick<API.ProductDetail, "properties">} props */
function Properties({ properties }) {
  return properties.length > 0 && html`<h2>${t("properties")}</h2>
    <dl class="properties">${properties.map(({ name, value }) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** @param {{product: API.Product, variant?: API.Variant, missing: {name: string}[]}} props `missing`: options without a choice */
function Buying({ product, variant, missing }) {
  useStore(cart);
  const place = useKeptFocus();
  if (!variant) {
    const names = missing.map(({ name }) => name.toLowerCase()).join(", ");
    const toOptions = () => {
      haptics.error();
      /** @type {HTMLElement | null} */ (document.querySelector(".options button[aria-pressed=false]"))?.focus();
    };
    return html`<${MainAction} text=${t("choose", { options: names })} onPress=${toOptions} />`;
  }
  if (!variant.in_stock) return null;
  const { id, price, options } = variant;
  const { name } = product;
  const quantity = quantityInCart(id);
  const addToCart = () => {
    const image = variant.images[0] ?? product.images[0] ?? null;
    if (!add({ id, product: product.id, name, options, price, image })) return;
    haptics.success();
    announce(t("added", { name }));
  };
  return html`<div class="purchase" ref=${place}>
    ${quantity > 0 && html`<${Stepper} id=${id} name=${name} quantity=${quantity} most=${variant.max_quantity ?? undefined} />`}
    ${quantity > 0
      ? html`<${MainAction} text=${t("toCart")} onPress=${() => go({ page: "cart" })} />`
      : html`<${MainAction} text=${`${t("addToCart")} · ${priceText(price)}`} onPress=${addToCart} />`}
  </div>`;
}
