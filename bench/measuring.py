"""Measurement of the shop and of the upper bound."""

import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import psycopg

from bench import cases, machine, memory, servers
from bench.load import Request, load
from bench.report import Figures, Report, Sales
from bench.standin import BotAPI, bot_api
from demo import postgres

CUSTOMERS = 50
LISTED_ORDERS = 20  # a full page of "my orders"
PATIENCE = 60.0  # seconds without a message until the wait ends
SEEDED_STOCK = 1_000_000
WRONG_STOCKS = """
SELECT count(*) FROM catalog_product product
LEFT JOIN (
    SELECT product_id, sum(quantity) AS sold FROM orders_orderitem WHERE stock_taken GROUP BY product_id
) line ON line.product_id = product.id
WHERE product.sku LIKE 'GEN-%%' AND product.stock + coalesce(line.sold, 0) <> %s
"""


class Bench:
    """Running shop and upper bound, and their figures."""

    def __init__(self, stack: ExitStack, *, rounds: int, seconds: int) -> None:
        """Start all servers; `stack` stops them."""
        self.rounds, self.seconds = rounds, seconds
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="botshop-bench-")))
        self.bodies = folder / "bodies"
        self.bodies.mkdir()
        self.database_url = stack.enter_context(postgres.running(folder / "postgres"))
        self.api: BotAPI = stack.enter_context(bot_api())
        self.env = servers.environment(database_url=self.database_url, bot_api_url=self.api.url)
        servers.manage("migrate", "--verbosity=0", env=self.env)
        self.report = Report(machine.describe(database_url=self.database_url))
        self.url, self.master = stack.enter_context(servers.shop(env=self.env, log=folder / "shop.log"))
        self.limit = stack.enter_context(servers.limit(bodies=self.bodies, env=self.env, log=folder / "limit.log"))

    def run(self, sizes: Sequence[int]) -> Report:
        """Measure all cases at the first catalog size, and the public reads at the others."""
        people = cases.customers(CUSTOMERS)
        for products in sizes:
            print(f"\n{products:,} products", flush=True)
            self.seed(products)
            first = not self.report.reads
            if first:
                self.welcome(people)
            reads = cases.catalog(self.url, products=products)
            reads += cases.personal(customer=people[0]) if first else []
            self.report.reads[products] = [self.measure(case) for case in reads]
            if first:
                self.orders(people)
        return self.report

    def welcome(self, people: Sequence[str]) -> None:
        """Create the customers, and place orders of one of them."""
        for customer in people:
            cases.ask(self.url, Request("/api/v1/users/me", customer))
        product = self.product_ids()[0]
        for _ in range(LISTED_ORDERS):
            cases.ask(self.url, cases.order(people[0], {product: 1}))

    def seed(self, products: int) -> None:
        """Seed the products, and run VACUUM for the statistics of the planner."""
        servers.manage("seed", f"--products={products}", env=self.env)
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            # Not the tables of orders: the planner would expect them to stay empty, and scan them.
            connection.execute("VACUUM ANALYZE catalog_category, catalog_product, catalog_word")

    def measure(self, case: cases.Case) -> Figures:
        """Measure shop and upper bound in turn."""
        kept = self.bodies / str(len(list(self.bodies.iterdir())))
        kept.write_bytes(cases.ask(self.url, case.requests[0]))
        figures = Figures(case.name, [], [])
        for turn in range(self.rounds):
            asked = case.requests[turn :: self.rounds] or case.requests
            same_bytes = [request._replace(path=f"/{kept.name}") for request in asked]
            figures.shop.append(load(self.url, asked, seconds=self.seconds))
            figures.limit.append(load(self.limit, same_bytes, seconds=self.seconds))
        self.report.memory += memory.of_workers(self.master)
        print(
            f"{case.name:32}{figures.rate:8,.0f}/s{figures.ratio:7.2f} of the limit{figures.p99:8.1f} ms p99",
            flush=True,
        )
        return figures

    def orders(self, people: Sequence[str]) -> None:
        """Place orders, then count orders and messages."""
        for case in cases.orders(people=people, product_ids=self.product_ids()):
            self.report.orders.append(self.measure(case))
        ended = time.monotonic()
        rows = self.arrived()
        probes = LISTED_ORDERS + len(self.report.orders)
        loaded = sum(result.answered - result.failed for figures in self.report.orders for result in figures.shop)
        self.report.sales = Sales(
            accepted=probes + loaded,
            rows=rows,
            messages=self.api.messages,
            seconds=time.monotonic() - ended,
            wrong_stocks=self.one(WRONG_STOCKS, SEEDED_STOCK),
        )

    def arrived(self) -> int:
        """Wait for a message of each order; return the number of orders."""
        seen, moment = -1, time.monotonic()
        while self.api.messages < (rows := self.one("SELECT count(*) FROM orders_order")):
            if self.api.messages != seen:
                seen, moment = self.api.messages, time.monotonic()
            elif time.monotonic() - moment > PATIENCE:
                break
            time.sleep(0.1)
        return rows

    def product_ids(self) -> list[int]:
        """List the seeded products, which have enough stock."""
        with psycopg.connect(self.database_url) as connection:
            return [row[0] for row in connection.execute("SELECT id FROM catalog_product WHERE sku LIKE 'GEN-%'")]

    def one(self, statement: str, *parameters: object) -> int:
        """Return the number that a query selects."""
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute(statement.encode(), parameters).fetchone()
        return int(row[0]) if row else 0
