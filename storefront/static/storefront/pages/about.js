/** About the shop: contacts, opening hours, and its pages. */
import { Icon } from "../components/icons.js";
import { Link } from "../components/link.js";
import { PageTop } from "../components/page_top.js";
import { ClosedNotice } from "../components/shop_notice.js";
import { openNow } from "../hours.js";
import { html } from "../html.js";
import { dayNames, t } from "../i18n/language.js";
import { localShop } from "../stores/local_shop.js";
import { useStore } from "../stores/store.js";

export default function AboutPage() {
  const { name, contacts, hours, time_zone: timeZone, pages } = useStore(localShop);
  const hasHours = hours.some(({ opens }) => opens);
  const hasContacts = Object.values(contacts).some(Boolean);
  return html`<${PageTop} title=${t("about")} />
    <div class="narrow">
      <${ClosedNotice} />
      <section class="sheet">
        <h2>${name}</h2>
        ${hasContacts && html`<${Contacts} contacts=${contacts} />`}
        ${!hasContacts && !hasHours && !pages.length && html`<p class="hint">${t("aboutEmpty")}</p>`}
      </section>
      ${hasHours && html`<${Hours} hours=${hours} timeZone=${timeZone} />`}
      ${pages.length > 0 && html`<nav class="sheet" aria-label=${t("pages")}>
        <ul class="pages">
          ${pages.map(({ slug, title }) => html`<li key=${slug}><${Link} to=${{ page: "text", slug }}>${title}<${Icon} name="next" /><//></li>`)}
        </ul>
      </nav>`}
    </div>`;
}

/** @param {{contacts: API.Shop["contacts"]}} props */
function Contacts({ contacts: { phone, telegram_username: username, email, address } }) {
  return html`<ul class="contacts">
    ${phone && html`<li><a href=${`tel:${phone.replace(/[^+\d]/g, "")}`}><${Icon} name="phone" /><span>${phone}</span></a></li>`}
    ${username && html`<li><a href=${`https://t.me/${username}`} target="_blank" rel="noopener"><${Icon} name="chat" /><span>@${username}</span></a></li>`}
    ${email && html`<li><a href=${`mailto:${email}`}><${Icon} name="mail" /><span>${email}</span></a></li>`}
    ${address && html`<li><p><${Icon} name="place" /><span>${address}</span></p></li>`}
  </ul>`;
}

/** @param {{hours: API.DayHours[], timeZone: string}} props */
function Hours({ hours, timeZone }) {
  const { day: today, closes } = openNow(hours, timeZone, new Date());
  return html`<section class="sheet">
    <h2>${t("hours")} <span class=${closes ? "status completed" : "status"}>${closes ? t("openUntil", { time: closes }) : t("closedNow")}</span></h2>
    <ul class="hours">
      ${hours.map(({ day, opens, closes: ends }, number) => html`<li key=${day} aria-current=${number === today ? "date" : undefined}>
        <span>${dayNames[number]}</span><span>${opens ? `${opens}–${ends}` : t("dayOff")}</span>
      </li>`)}
    </ul>
  </section>`;
}
