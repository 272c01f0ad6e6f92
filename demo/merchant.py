"""Demo data: the settings and the pages of the demo shop, as a merchant would fill them in."""

from datetime import time
from decimal import Decimal
from typing import Any

from merchant.hours import DAYS
from merchant.models import Page, ShopSettings

# The pictures are those of demo products.
SETTINGS: dict[str, Any] = {
    "name": "Чайная «Белая ночь»",
    "logo": "demo/ch-001-1.jpg",
    "accent": "#b3541e",
    "banner_picture": "demo/tw-003-1.jpg",
    "banner_text": "Новая посуда для долгих чаепитий",
    "banner_link": "/?search=%D1%87%D0%B0%D0%B9%D0%BD%D0%B8%D0%BA",  # чайник
    "phone": "+7 8172 00-00-00",
    "email": "chaj@example.org",
    "address": "Вологда, ул. Мира, 1, вход со двора",
    "min_total": Decimal(300),
    **{f"{day}_opens": time(10) for day in DAYS if day != "sunday"},
    **{f"{day}_closes": time(20) for day in DAYS if day != "sunday"},
    "saturday_closes": time(18),
}

PAGES = {
    Page.Slug.ABOUT: (
        "О чайной",
        "«Белая ночь» — небольшая чайная в Вологде. Чай мы выбираем сами: пробуем каждую партию и привозим только то, что пьём дома.\n\nТравы собирают знакомые семьи под Кирилловом, посуду делают мастера из Гжели и Вологды.\n\nЗайдите на чашку: попробовать можно всё, что есть в магазине.",
    ),
    Page.Slug.DELIVERY: (
        "Доставка и оплата",
        "По Вологде привозим на следующий день, с 12 до 21 часа. В другие города отправляем почтой или СДЭК за 1–2 рабочих дня; стоимость менеджер сообщит до отправки.\n\nЗаказ можно забрать самим: Мира, 1, вход со двора, в часы работы.\n\nОплата при получении, картой или наличными.",
    ),
    Page.Slug.RETURNS: (
        "Возврат",
        "Посуду можно вернуть в течение 14 дней, если ею не пользовались и сохранились упаковка и ярлыки. Чай, травы и сладости надлежащего качества возврату не подлежат.\n\nЕсли что-то разбилось или испортилось в пути, пришлите фото в течение двух дней: вернём деньги или отправим новое, как вам удобнее.",
    ),
    Page.Slug.PRIVACY: (
        "Политика конфиденциальности",
        "Чтобы принять и доставить заказ, мы храним ваше имя, телефон, адрес и имя в Telegram. Больше ни для чего эти данные не используются.\n\nДанные видят сотрудники магазина и служба доставки, которая везёт заказ. Рекламным сетям и другим компаниям мы их не передаём.\n\nЧтобы узнать, что о вас хранится, или удалить данные, напишите на chaj@example.org: ответим в течение десяти дней.",
    ),
    Page.Slug.TERMS: (
        "Условия продажи",
        "Заказ считается принятым, когда менеджер его подтвердил. До этого заказ можно отменить в разделе «Мои заказы».\n\nЦены указаны в рублях вместе с налогами, без доставки. Цена заказа не меняется после оформления.\n\nЕсли товара не окажется, мы предложим замену или вернём деньги.",
    ),
}


def fill_in_settings() -> None:
    """Fill in the demo settings and pages, except those that staff have edited."""
    row = ShopSettings.objects.select_for_update().filter(pk=1).first() or ShopSettings()
    if row.history.count() <= 1:  # the migration has begun the history
        for name, value in SETTINGS.items():
            setattr(row, name, value)
        row.save()
    for position, (slug, (title, text)) in enumerate(PAGES.items(), 1):
        page = Page.objects.select_for_update().filter(slug=slug).first() or Page(slug=slug, position=position)
        if not page.title and not page.text:
            page.title, page.text, page.is_shown = title, text, True
            page.save()
