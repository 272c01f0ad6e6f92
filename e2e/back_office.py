"""Pages of the back office, opened in Chromium by signed-in staff."""

from django.contrib.auth.hashers import ScryptPasswordHasher
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User

PASSWORD = "boss-of-the-shop"  # noqa: S105 - of the tests


class BackOffice:
    """Browser windows of signed-in staff, of the size of a phone or a desktop."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.errors: list[str] = []
        self._contexts: list[BrowserContext] = []

    def open(self, path: str, *, name: str = "boss", size: tuple[int, int] = (1280, 900)) -> Page:
        """Open a page as a superuser of that name, who is created if missing."""
        if not User.objects.filter(username=name).exists():
            # The fast hasher of the tests is not accepted by the served shop.
            hashed = ScryptPasswordHasher().encode(PASSWORD, "salt-of-the-tests-only")
            User.objects.create(username=name, password=hashed, is_staff=True, is_superuser=True)
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]})
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{self.url}/admin/login/?next={path}")
        page.locator("[name=username]").fill(name)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("form [type=submit]").first.click()
        page.wait_for_url(f"{self.url}{path}")
        return page

    def close(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            context.close()


def save(page: Page) -> None:
    """Press "save" and wait for the response: then the change is written or refused."""
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("[name=_save]").first.click()
    page.wait_for_load_state()
