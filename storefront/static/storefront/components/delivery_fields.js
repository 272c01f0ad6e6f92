/** Delivery and payment at the checkout: a card for each method, and the fields that the chosen one needs. */
import { html } from "../html.js";
import { priceText, t } from "../i18n/language.js";
import { shop } from "../page_data.js";
import { SavedAddresses } from "./saved_addresses.js";
import { day } from "../stores/checkout_choice.js";

/** @typedef {import("../stores/checkout_choice.js").Mistakes} Mistakes */
/** @typedef {(delivery: Partial<API.DeliveryChoice>) => void} ChangeDelivery */

/** What a method costs, in words. @param {API.DeliveryMethod} method */
function costOf({ price, per_kg: perKg }) {
  if (price === null) return t("priceLater");
  if (perKg) return t("from", { price: priceText(price) });
  return Number(price) ? priceText(price) : t("free");
}

/** @param {API.DeliveryMethod} method */
const hintOf = ({ description, price, free_from: freeFrom }) =>
  [description, freeFrom && Number(price) && t("freeFrom", { sum: priceText(freeFrom) })].filter(Boolean).join(". ");

/**
 * @param {{methods: API.DeliveryMethod[], delivery: API.DeliveryChoice | null, address: string, mistakes: Mistakes,
 *          change: ChangeDelivery, changeAddress: (address: string) => void}} props
 */
export function DeliveryFields({ methods, delivery, address, mistakes, change, changeAddress }) {
  const method = methods.find(({ id }) => id === delivery?.method_id);
  return html`<section class="sheet">
    <h2>${t("delivery")}</h2>
    <${Cards} name="delivery" legend=${t("delivery")} mistake=${mistakes.delivery} chosen=${method?.id}
      cards=${methods.map((each) => ({ id: each.id, title: each.name, hint: hintOf(each), side: costOf(each) }))}
      choose=${(/** @type {number} */ id) => change({ method_id: id, pickup_point_id: undefined, slot: "", deliver_on: "" })} />
    ${method?.fields.map((field) => {
      if (field === "pickup_point_id") return html`<${Points} points=${method.pickup_points} chosen=${delivery?.pickup_point_id} mistake=${mistakes.pickup_point_id} change=${change} />`;
      if (field === "slot") {
        return html`<${Labelled} name="slot" mistake=${mistakes.slot}>
          <select id="slot" value=${delivery?.slot ?? ""} aria-invalid=${Boolean(mistakes.slot)} aria-describedby=${mistakes.slot && "slot-mistake"}
            onChange=${(/** @type {any} */ event) => change({ slot: event.currentTarget.value })}>
            <option value="">${t("chooseOne")}</option>
            ${method.slots.map((slot) => html`<option key=${slot} value=${slot}>${slot}</option>`)}
          </select>
        <//>`;
      }
      if (field === "address") {
        return html`<${Labelled} name="address" label=${t(method.kind === "carrier_point" ? "pointInWords" : "field_address")} mistake=${mistakes.address}>
          <textarea id="address" name="address" rows="2" required maxlength=${shop.limits.address} autocomplete="street-address" value=${address}
            aria-invalid=${Boolean(mistakes.address)} aria-describedby=${mistakes.address && "address-mistake"}
            onInput=${(/** @type {any} */ event) => changeAddress(event.currentTarget.value)} />
          <${SavedAddresses} typed=${address} choose=${changeAddress} />
        <//>`;
      }
      const attributes = {
        postcode: { inputmode: "numeric", autocomplete: "postal-code", maxlength: 12 },
        town: { autocomplete: "address-level2", maxlength: 100 },
        deliver_on: { type: "date", min: day(method.first_day ?? 0), max: day(method.last_day) },
      }[field];
      return html`<${Labelled} name=${field} mistake=${mistakes[field]}>
        <input id=${field} name=${field} required value=${delivery?.[field] ?? ""} aria-invalid=${Boolean(mistakes[field])}
          aria-describedby=${mistakes[field] && `${field}-mistake`} ...${attributes}
          onChange=${(/** @type {any} */ event) => change({ [field]: event.currentTarget.value })} />
      <//>`;
    })}
  </section>`;
}

/** @param {{payments: API.PaymentMethod[], chosen: number | null, mistake?: string, choose: (id: number) => void}} props */
export function PaymentFields({ payments, chosen, mistake, choose }) {
  return html`<section class="sheet">
    <h2>${t("payment")}</h2>
    <${Cards} name="payment" legend=${t("payment")} mistake=${mistake} chosen=${chosen} choose=${choose}
      cards=${payments.map(({ id, name, text }) => ({ id, title: name, hint: text, side: "" }))} />
  </section>`;
}

/**
 * @param {{name: string, legend: string, mistake?: string, chosen?: number | null, choose: (id: number) => void,
 *          cards: {id: number, title: string, hint: string, side: string}[]}} props
 */
function Cards({ name, legend, mistake, chosen, choose, cards }) {
  return html`<fieldset class="cards" aria-describedby=${mistake && `${name}-mistake`}>
    <legend class="unseen">${legend}</legend>
    ${cards.map(({ id, title, hint, side }) => html`<label key=${id} class="card-choice">
      <input type="radio" name=${name} value=${id} checked=${id === chosen} aria-invalid=${Boolean(mistake)} onChange=${() => choose(id)} />
      <span class="card-title">${title}</span>
      <span class="card-side">${side}</span>
      ${hint && html`<span class="card-hint">${hint}</span>`}
    </label>`)}
    ${mistake && html`<p class="mistake" id=${`${name}-mistake`}>${mistake}</p>`}
  </fieldset>`;
}

/** Pick-up points by town. @param {{points: API.PickupPoint[], chosen?: number, mistake?: string, change: ChangeDelivery}} props */
function Points({ points, chosen, mistake, change }) {
  const towns = [...new Set(points.map(({ town }) => town))];
  const town = points.find(({ id }) => id === chosen)?.town;
  return html`<${Labelled} name="pickup_point_id" mistake=${mistake}>
    <select id="pickup_point_id" aria-invalid=${Boolean(mistake)} aria-describedby=${mistake && "pickup_point_id-mistake"} value=${chosen ?? ""}
      onChange=${(/** @type {any} */ event) => change({ pickup_point_id: Number(event.currentTarget.value) || undefined })}>
      <option value="">${t("chooseOne")}</option>
      ${towns.map((each) => html`<optgroup key=${each} label=${each}>
        ${points.filter((point) => point.town === each).map(({ id, name, address }) => html`<option key=${id} value=${id}>${name}, ${address}</option>`)}
      </optgroup>`)}
    </select>
    ${town && points.filter(({ id }) => id === chosen).map(({ hours, phone }) => html`<p class="card-hint">${[hours, phone].filter(Boolean).join(" · ")}</p>`)}
  <//>`;
}

/** @param {{name: API.DeliveryMethod["fields"][number], label?: string, mistake?: string, children?: import("../html.js").Children}} props */
function Labelled({ name, label = t(`field_${name}`), mistake, children }) {
  return html`<div class="field">
    <label for=${name}>${label}</label>
    ${children}
    ${mistake && html`<p class="mistake" id=${`${name}-mistake`}>${mistake}</p>`}
  </div>`;
}
