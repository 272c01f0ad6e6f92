/** The cart: what is in it, what has changed since, what it costs. */
import { acceptChanges, basket, check, count, hasChanges, hasShortage, isSold, lineTotal, remove, setQuantity, total } from "./basket.js";
import { Empty } from "./empty.js";
import { html } from "./html.js";
import { Icon } from "./icons.js";
import { useKeptFocus } from "./kept_focus.js";
import { money, priceText, t } from "./language.js";
import { Link } from "./link.js";
import { MainAction } from "./main_action.js";
import { PageTop } from "./page_top.js";
import { Picture } from "./picture.js";
import { go } from "./router.js";
import { Stepper } from "./stepper.js";
import { useStore } from "./store.js";
import { haptics } from "./telegram.js";
import { useEffect, useState } from "./vendor/hooks.js";
import { WayOn, wordsFor } from "./failure.js";

export default function CartPage() {
  const lines = useStore(basket);
  const [problem, setProblem] = useState(null);
  const compare = () => check().then(() => setProblem(null), setProblem);
  useEffect(() => void compare(), []);
  const place = useKeptFocus(() => null);

  if (!lines.length) {
    return html`<${PageTop} title=${t("cart")} />
      <${Empty} icon="cart" title=${t("emptyCart")} hint=${t("emptyCartHint")}>
        <${Link} class="button" to=${{ page: "catalogue" }}>${t("toCatalogue")}<//>
      <//>`;
  }
  return html`<${PageTop} title=${t("cart")} />
    <div class="narrow" ref=${place}>
      ${problem && html`<div class="warning" role="alert">
        <p><strong>${wordsFor(problem).title}.</strong> ${t("cartUnchecked")}</p>
        <${WayOn} problem=${problem} retry=${compare} />
      </div>`}
      ${hasChanges(lines) && html`<${Changes} lines=${lines} />`}
      <ul class="lines">${lines.map((line) => html`<${CartLine} key=${line.id} line=${line} />`)}</ul>
      <p class="total"><span>${t("total")}, ${t("pieces", { count: count(lines.filter(isSold)) })}</span> <strong>${money(total(lines))}</strong></p>
    </div>
    ${hasShortage(lines)
      ? html`<${MainAction} text=${t("takeAvailable")} onPress=${acceptChanges} />`
      : html`<${MainAction} text=${t("checkoutButton")} onPress=${toCheckout} />`}`;
}

function toCheckout() {
  acceptChanges();
  go({ page: "checkout" });
}

function Changes({ lines }) {
  const short = hasShortage(lines);
  useEffect(() => haptics.error(), []);
  return html`<div class="warning" role="alert">
    <p><strong>${t(short ? "shortage" : "changed")}</strong></p>
    ${!short && html`<button type="button" class="button quiet" onClick=${acceptChanges}>${t("understood")}</button>`}
  </div>`;
}

function CartLine({ line }) {
  const { id, name, price, image, quantity, was, available, gone } = line;
  const sold = isSold(line);
  return html`<li class=${sold ? "line" : "line unsold"}>
    <${Link} to=${{ page: "product", id }} tabindex="-1" aria-hidden="true"><${Picture} src=${image} alt="" soon small /><//>
    <div class="what">
      <h2><${Link} to=${{ page: "product", id }}>${name}<//></h2>
      ${sold && html`<p class="each">${quantity > 1 ? t("each", { price: priceText(price) }) : ""}</p>`}
      ${was && sold && html`<p class="change">${t("priceWas", { was: priceText(was), now: priceText(price) })}</p>`}
      ${gone && html`<p class="change">${t("gone")}</p>`}
      ${!gone && available === 0 && html`<p class="change">${t("soldOut")}</p>`}
      ${sold && available < quantity && html`<p class="change">
        ${t("left", { count: available })}
        <button type="button" class="text" onClick=${() => setQuantity(id, available)}>${t("takeRest", { count: available })}</button>
      </p>`}
    </div>
    ${sold
      ? html`<strong class="sum">${money(lineTotal(line))}</strong>
          <${Stepper} id=${id} name=${name} quantity=${quantity} most=${available} />`
      : html`<button type="button" class="round" aria-label=${t("remove", { name })} onClick=${() => remove(id)}><${Icon} name="bin" /></button>`}
  </li>`;
}
