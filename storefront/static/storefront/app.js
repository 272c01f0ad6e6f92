/** The frame of all pages: the demo's banner, the page itself, the way back, the cart within reach. */
import { Confirmation } from "./components/confirmation.js";
import { MainAction } from "./components/main_action.js";
import { Notices } from "./components/notices.js";
import { ShopTop } from "./components/shop_top.js";
import { html } from "./html.js";
import { money, t } from "./i18n/language.js";
import { Page } from "./pages/page.js";
import { depth, go, goBack, route } from "./router.js";
import { cart } from "./stores/cart.js";
import { count, total } from "./stores/cart_items.js";
import { useStore } from "./stores/store.js";
import { client } from "./telegram/client.js";
import { isDemo } from "./telegram/launch.js";
import { useEffect } from "./vendor/hooks.js";

export function App() {
  const shown = useStore(route);
  useBackButton(shown);
  return html`
    ${isDemo && html`<aside class="demo" aria-label=${t("demoLabel")}>${t("demo")}</aside>`}
    ${shown.page === "catalog" && html`<${ShopTop} />`}
    <main><${Page} key=${shown.page === "product" ? `product-${shown.id}` : shown.page} route=${shown} /></main>
    ${shown.page === "catalog" && html`<${CartBar} />`}
    <${Notices} />
    <${Confirmation} />`;
}

function CartBar() {
  const items = useStore(cart);
  if (!items.length) return null;
  const sum = money(total(items));
  const pieces = count(items);
  return html`<${MainAction} text=${t("cartButton", { count: pieces, total: sum })} onPress=${() => go({ page: "cart" })}>
    <span>${t("cart")}</span> <small>${t("pieces", { count: pieces })}</small> <strong>${sum}</strong>
  <//>`;
}

/** Telegram's back button, wherever there is a way back. @param {import("./router.js").Route} shown */
function useBackButton(shown) {
  const app = useStore(client);
  const button = app?.isVersionAtLeast("6.1") ? app.BackButton : null;
  useEffect(() => {
    button?.onClick(goBack);
    return () => void button?.offClick(goBack);
  }, [button]);
  useEffect(() => {
    if (shown.page === "catalog" && depth() === 0) button?.hide();
    else button?.show();
  }, [button, shown]);
}
