/** Checkout: contact data, the sum, and one tap that places one order. */
import { asProblem, Problem } from "../api.js";
import { ContactFields } from "../components/contact_fields.js";
import { MainAction } from "../components/main_action.js";
import { Failure, WayOn, wordsFor } from "../components/messages.js";
import { PageTop } from "../components/page_top.js";
import { html } from "../html.js";
import { money, priceText, t } from "../i18n/language.js";
import { asPrice, hundredths } from "../money.js";
import { go, startOver } from "../router.js";
import { acceptChanges, cart, check, clearCart, noteShortage } from "../stores/cart.js";
import { count, hasChanges, hasShortage, total } from "../stores/cart_items.js";
import { keepAfterOrder, keepContact, knownContact, mistakesIn, phoneInProfile, tidied } from "../stores/contact.js";
import { localShop } from "../stores/local_shop.js";
import { isUncertain, send } from "../stores/order_attempt.js";
import { forgetProductLists } from "../stores/product_lists.js";
import { useStore } from "../stores/store.js";
import { client, guardClosing, haptics } from "../telegram/client.js";
import { initData } from "../telegram/launch.js";
import { useEffect, useRef, useState } from "../vendor/hooks.js";

/** @typedef {import("../stores/contact.js").ContactField} ContactField */

export default function CheckoutPage() {
  const items = useStore(cart);
  const app = useStore(client);
  const [contact, setContact] = useState(knownContact);
  const [mistakes, setMistakes] = useState(/** @type {Partial<Record<ContactField, string>>} */ ({}));
  const [problem, setProblem] = useState(() => (isUncertain() ? new Problem("uncertain") : null));
  const [newTotal, setNewTotal] = useState(/** @type {{was: number, now: number} | null} */ (null)); // in hundredths
  const [sending, setSending] = useState(false);
  const underWay = useRef(false);
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));

  useEffect(() => {
    guardClosing(true);
    return () => guardClosing(false);
  }, [app]);
  useEffect(() => {
    if (!contact.phone) phoneInProfile().then((phone) => phone && setContact((now) => (now.phone ? now : { ...now, phone })));
  }, []);
  useEffect(() => {
    // What has changed meanwhile is for the cart to tell.
    if ((!items.length || hasChanges(items)) && !underWay.current) go({ page: "cart" }, { replace: true });
  }, [items, sending]);
  useEffect(() => {
    /** @type {HTMLElement | null | undefined} */ (form.current?.querySelector("[aria-invalid=true]"))?.focus();
  }, [mistakes]);

  if (!initData) return html`<${PageTop} title=${t("checkout")} /><${Failure} problem=${new Problem("init_data_missing")} />`;

  /** @param {ContactField} field @param {string} value */
  const change = (field, value) => {
    setContact((now) => {
      const next = { ...now, [field]: value };
      keepContact(next);
      return next;
    });
    setMistakes(({ [field]: corrected, ...others }) => others);
  };
  const sum = newTotal ? newTotal.now : total(items);

  const place = async () => {
    if (underWay.current) return;
    const tidy = tidied(contact);
    const found = mistakesIn(tidy);
    setMistakes(found);
    if (Object.keys(found).length) return haptics.error();
    underWay.current = true;
    setSending(true);
    setProblem(null);
    try {
      const order = await send({
        items: cart.get().map(({ id, quantity }) => ({ product_id: id, quantity })),
        ...tidy,
        expected_total: asPrice(sum),
      });
      haptics.success();
      keepAfterOrder(tidy);
      forgetProductLists();
      clearCart();
      startOver({ page: "order", id: order.id, placed: true });
    } catch (error) {
      haptics.error();
      await answer(asProblem(error));
      setSending(false);
      underWay.current = false;
    }
  };

  /** @param {Problem} refusal */
  const answer = async (refusal) => {
    if (refusal.code === "out_of_stock" || refusal.code === "product_unavailable") {
      noteShortage(refusal.body.items ?? []);
      return go({ page: "cart" }, { replace: true });
    }
    if (refusal.code === "price_changed") {
      try {
        await check();
      } catch (error) {
        return setProblem(asProblem(error)); // the new total waits for the prices that make it up
      }
      setNewTotal({ was: sum, now: hundredths(refusal.body.total ?? "") });
      if (hasShortage(cart.get())) return go({ page: "cart" }, { replace: true });
      return acceptChanges();
    }
    setNewTotal(null);
    if (refusal.code === "invalid") {
      const named = Object.entries(refusal.body.errors ?? {}).filter(([field]) => field in contact);
      const { message: phone } = localShop.get().phone; // the one that the page says itself
      setMistakes(Object.fromEntries(named.map(([field, [{ message }]]) => [field, field === "phone" ? phone : message])));
      if (named.length) return;
    }
    setProblem(refusal);
  };

  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    place();
  };

  return html`<${PageTop} title=${t("checkout")} />
    <form class="narrow" ref=${form} noValidate onSubmit=${submit}>
      <${Trouble} problem=${problem} retry=${place} />
      ${newTotal && html`<div class="warning" role="alert">
        <p><strong>${t("totalChanged")}</strong><br />${t("totalChangedHint", { was: money(newTotal.was), now: money(sum) })}</p>
      </div>`}
      <${ContactFields} contact=${contact} mistakes=${mistakes} change=${change} />
      <section class="sheet">
        <h2>${t("yourOrder")}</h2>
        <ul class="summary">
          ${items.map((item) => html`<li key=${item.id}><span>${item.name}</span><span>${item.quantity} × ${priceText(item.price)}</span></li>`)}
        </ul>
        <p class="total"><span>${t("total")}, ${t("pieces", { count: count(items) })}</span> <strong>${money(sum)}</strong></p>
      </section>
      <button type="submit" hidden></button>
    </form>
    <${MainAction} busy=${sending} onPress=${place}
      text=${sending ? t("placing") : t(newTotal ? "confirmNewTotal" : "placeOrder", { total: money(sum) })} />`;
}

/** Why the order is not placed, or not known to be. @param {{problem: Problem | null, retry: () => void}} props */
function Trouble({ problem, retry }) {
  if (!problem) return null;
  if (problem.code === "uncertain") return html`<${Warning} title=${t("uncertain")} hint=${t("uncertainHint")} />`;
  if (problem.code === "idempotency_key_reused") {
    return html`<${Warning} title=${t("alreadyPlaced")} hint=${t("alreadyPlacedHint")}>
      <button type="button" class="button quiet" onClick=${() => go({ page: "orders" })}>${t("orders")}</button>
    <//>`;
  }
  const words = wordsFor(problem);
  const unknown = ["network", "timeout", "idempotency_key_in_use"].includes(problem.code) || problem.status >= 500;
  return html`<${Warning} title=${unknown ? t("notSent") : words.title}
    hint=${unknown ? `${words.title}. ${t("notSentHint")}` : words.hint}>
    <${WayOn} problem=${problem} retry=${retry} />
  <//>`;
}

/** @param {{title: string, hint: string, children?: import("../html.js").Children}} props */
function Warning({ title, hint, children }) {
  return html`<div class="warning" role="alert"><p><strong>${title}</strong><br />${hint}</p>${children}</div>`;
}
