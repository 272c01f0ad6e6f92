/** The frame of all pages: the banner, the page itself, the way back, the cart within reach. */
import { basket, count, total } from "./basket.js";
import { CartPage } from "./cart.js";
import { Catalogue } from "./catalogue.js";
import { CheckoutPage } from "./checkout.js";
import { Confirming } from "./confirming.js";
import { html } from "./html.js";
import { money, t } from "./language.js";
import { isDemo } from "./launch.js";
import { MainAction } from "./main_action.js";
import { Notices } from "./notices.js";
import { OrderPage } from "./order.js";
import { OrdersPage } from "./orders.js";
import { ProductPage } from "./product.js";
import { arrival, depth, go, goBack, route } from "./router.js";
import { ShopTop } from "./shop_top.js";
import { useStore } from "./store.js";
import { client } from "./telegram.js";
import { useEffect, useRef } from "./vendor/hooks.js";

const PAGES = {
  catalogue: Catalogue,
  product: ProductPage,
  cart: CartPage,
  checkout: CheckoutPage,
  orders: OrdersPage,
  order: OrderPage,
};

export function App() {
  const shown = useStore(route);
  const main = useRef(null);
  const Page = PAGES[shown.page];
  useBackButton(shown);
  useFocusOnArrival(shown, main);
  return html`
    ${isDemo && html`<aside class="demo" aria-label=${t("demoLabel")}>${t("demo")}</aside>`}
    ${shown.page === "catalogue" && html`<${ShopTop} />`}
    <main ref=${main}><${Page} key=${shown.page} route=${shown} /></main>
    ${shown.page === "catalogue" && html`<${CartBar} />`}
    <${Notices} />
    <${Confirming} />`;
}

function CartBar() {
  const lines = useStore(basket);
  if (!lines.length) return null;
  const sum = money(total(lines));
  const pieces = count(lines);
  return html`<${MainAction} text=${t("cartButton", { count: pieces, total: sum })} onPress=${() => go({ page: "cart" })}>
    <span>${t("cart")}</span> <small>${t("pieces", { count: pieces })}</small> <strong>${sum}</strong>
  <//>`;
}

function useBackButton(shown) {
  const app = useStore(client);
  const button = app?.isVersionAtLeast("6.1") ? app.BackButton : null;
  useEffect(() => {
    button?.onClick(goBack);
    return () => void button?.offClick(goBack);
  }, [button]);
  useEffect(() => {
    if (shown.page === "catalogue" && depth() === 0) button?.hide();
    else button?.show();
  }, [button, shown]);
}

/** Who does not see the page change is told by the focus: at the heading, or back on the card that was opened. */
function useFocusOnArrival(shown, main) {
  const before = useRef(shown);
  useEffect(() => {
    const from = before.current;
    before.current = shown;
    const heading = main.current.querySelector("h1");
    document.title = heading?.textContent || t("shop");
    if (from.page === shown.page && from.id === shown.id) return;
    const card = arrival === "travel" && from.page === "product" && document.getElementById(`product-${from.id}`);
    (card || heading)?.focus({ preventScroll: true });
  }, [shown]);
}
