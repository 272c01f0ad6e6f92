/** My favourites, newest first. One that is not wanted any more stays until the page is left, so that it can be taken back. */
import * as api from "../api.js";
import { Link } from "../components/link.js";
import { Empty, Failure } from "../components/messages.js";
import { PageTop } from "../components/page_top.js";
import { ProductCard, Skeletons } from "../components/product_card.js";
import { CartLink } from "../components/shop_top.js";
import { usePages } from "../components/use_pages.js";
import { html } from "../html.js";
import { t } from "../i18n/language.js";

export default function FavouritesPage() {
  const { items, next, problem, loading, more } = usePages(api.favourites);
  return html`<${PageTop} title=${t("favourites")}><${CartLink} /><//>
    <ul class="grid" aria-busy=${loading}>
      ${items.map((product, place) => html`<${ProductCard} key=${product.id} product=${product} soon=${place < 4} />`)}
      ${loading && html`<${Skeletons} count=${4} />`}
    </ul>
    ${problem && html`<${Failure} problem=${problem} retry=${more} />`}
    ${next && !problem && html`<div class="narrow"><button type="button" class="button quiet" onClick=${more}>${t("showMore")}</button></div>`}
    ${!items.length && !loading && !problem && html`<${Empty} icon="heart" title=${t("emptyFavourites")} hint=${t("emptyFavouritesHint")}>
      <${Link} class="button" to=${{ page: "catalog" }}>${t("toCatalog")}<//>
    <//>`}`;
}
