/** Form fields of the recipient. */
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { notify } from "./notices.js";
import { shop } from "../page_data.js";
import { SavedAddresses } from "./saved_addresses.js";
import { useStore } from "../stores/store.js";
import { client, requestPhone } from "../telegram/client.js";

/** @typedef {import("../stores/contact.js").ContactField} ContactField */
/** @typedef {(field: ContactField, value: string) => void} Change */

/** @param {{contact: API.Contact, mistakes: Partial<Record<ContactField, string>>, change: Change, withAddress: boolean}} props */
export function ContactFields({ contact, mistakes, change, withAddress }) {
  const app = useStore(client);
  /** @param {ContactField} name @param {string} label */
  const field = (name, label, attributes = {}) =>
    html`<${Field} name=${name} label=${label} value=${contact[name]} mistake=${mistakes[name]} change=${change} ...${attributes} />`;
  const takePhone = async () => {
    const phone = await requestPhone();
    if (phone) change("phone", phone);
    else notify(t("phoneNotGiven"));
  };
  return html`<section class="sheet">
    <h2>${t("contacts")}</h2>
    ${field("contact_name", t("yourName"), { autocomplete: "name", required: true })}
    ${field("phone", t("phone"), { type: "tel", inputmode: "tel", autocomplete: "tel", required: true })}
    ${app?.isVersionAtLeast("6.9") && html`<button type="button" class="text" onClick=${takePhone}>${t("phoneFromTelegram")}</button>`}
    ${withAddress && field("address", t("field_address"), { rows: 2, autocomplete: "street-address" })}
    ${withAddress && html`<${SavedAddresses} typed=${contact.address} choose=${(/** @type {string} */ address) => change("address", address)} />`}
    ${field("comment", t("comment"), { rows: 2, autocomplete: "off" })}
  </section>`;
}

/**
 * @param {{name: ContactField, label: string, value: string, mistake?: string, change: Change, rows?: number,
 *          required?: boolean}} props
 */
function Field({ name, label, value, mistake, change, rows, required = false, ...attributes }) {
  /** @param {{currentTarget: HTMLInputElement}} event */
  const type = ({ currentTarget }) => change(name, currentTarget.value);
  const tag = rows ? "textarea" : "input";
  return html`<div class="field">
    <label for=${name}>${label}${!required && html` <span>${t("optional")}</span>`}</label>
    <${tag} id=${name} name=${name} value=${value} rows=${rows} required=${required} maxlength=${shop.limits[name]}
      aria-invalid=${Boolean(mistake)} aria-describedby=${mistake && `${name}-mistake`}
      onInput=${type} ...${attributes} />
    ${mistake && html`<p class="mistake" id=${`${name}-mistake`}>${mistake}</p>`}
  </div>`;
}
