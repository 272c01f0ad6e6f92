"""Markdown report of a benchmark."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.load import Result
from bench.memory import Memory

Row = Sequence[str]
EXPLANATION = """\
The limit is a WSGI function that answers with the same bytes, under gunicorn set up as for the shop. Both are
loaded in turn; a figure is the median of the rounds. Rates depend on the machine: compare ratios. Times are in
milliseconds, with all connections busy."""


@dataclass(frozen=True)
class Figures:
    """Rounds of one case, alternating between shop and upper bound."""

    name: str
    shop: list[Result]
    limit: list[Result]

    @property
    def rate(self) -> float:
        return median(result.rate for result in self.shop)

    @property
    def ratio(self) -> float:
        # Compared per round: the other load of the machine changes slowly, and affects both.
        return median(ours.rate / bare.rate for ours, bare in zip(self.shop, self.limit, strict=True))

    @property
    def p50(self) -> float:
        return median(result.p50 for result in self.shop)

    @property
    def p99(self) -> float:
        return median(result.p99 for result in self.shop)

    @property
    def failed(self) -> int:
        return sum(result.failed for result in self.shop)


@dataclass(frozen=True)
class Sales:
    """Result of an order case."""

    accepted: int  # as the load generator counts them
    rows: int  # a few more: requests under way when the load generator stopped
    messages: int
    seconds: float  # from the last response to the last message
    wrong_stocks: int

    @property
    def right(self) -> bool:
        """Return whether no order and no message was lost."""
        return self.accepted <= self.rows <= self.messages and not self.wrong_stocks


@dataclass
class Report:
    """All figures of a benchmark."""

    about: Mapping[str, str]
    reads: dict[int, list[Figures]] = field(default_factory=dict)  # by the number of products
    orders: list[Figures] = field(default_factory=list)
    sales: Sales | None = None
    memory: list[Memory] = field(default_factory=list)  # of each web process, after each case

    def markdown(self) -> str:
        """Return the report in Markdown."""
        parts = [
            "# Benchmark results",
            "\n".join(f"- {name}: {value}" for name, value in self.about.items()),
            EXPLANATION,
            *self._first(),
            *self._growth(),
            *self._memory(),
        ]
        return "\n\n".join(parts) + "\n"

    def _first(self) -> Iterable[str]:
        size, reads = next(iter(self.reads.items()))
        head = ("case", "requests/s", "limit/s", "of the limit", "p50", "p99", "failed")
        yield f"## With {size:,} products"
        yield _table(head, [_row(figures) for figures in (*reads, *self.orders)])
        if self.sales:
            yield (
                f"Orders answered with success: {self.sales.accepted:,}; orders in the database: {self.sales.rows:,}; "
                f"messages that arrived: {self.sales.messages:,}, the last {self.sales.seconds:.0f} s after the load. "
                f"Products whose stock does not match the items sold: {self.sales.wrong_stocks}."
            )

    def _growth(self) -> Iterable[str]:
        if len(self.reads) < 2:
            return
        head = ["case"]
        for size in self.reads:
            head += [f"{size:,}: requests/s", "of the limit", "p99"]
        by_name = {name: [_named(name, reads) for reads in self.reads.values()] for name in self._grown()}
        rows = [
            [
                name,
                *(cell for each in figures for cell in (f"{each.rate:,.0f}", f"{each.ratio:.2f}", f"{each.p99:.1f}")),
            ]
            for name, figures in by_name.items()
        ]
        yield "## As the catalog grows"
        yield _table(head, rows)

    def _grown(self) -> list[str]:
        return [figures.name for figures in list(self.reads.values())[-1]]

    def _memory(self) -> Iterable[str]:
        rows = []
        for name, what in (
            ("rss", "resident (RSS)"),
            ("pss", "with its share of what is shared (PSS)"),
            ("uss", "its own alone (USS)"),
        ):
            told = [value for memory in self.memory if (value := getattr(memory, name)) is not None]
            rows.append((what, f"{max(told):.0f}" if told else "not told by this system"))
        yield "## Memory of a web process"
        yield "The most that any of them had after any case, in megabytes:"
        yield _table(("memory", "MB"), rows)


def _named(name: str, reads: Iterable[Figures]) -> Figures:
    return next(figures for figures in reads if figures.name == name)


def _row(figures: Figures) -> Row:
    bare = median(result.rate for result in figures.limit)
    times = (f"{figures.p50:.1f}", f"{figures.p99:.1f}")
    return (figures.name, f"{figures.rate:,.0f}", f"{bare:,.0f}", f"{figures.ratio:.2f}", *times, str(figures.failed))


def _table(head: Row, rows: Sequence[Row]) -> str:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]

    def line(cells: Row) -> str:
        numbers = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
        return "| " + " | ".join([cells[0].ljust(widths[0]), *numbers]) + " |"

    rule = "|" + "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])]) + "|"
    return "\n".join([line(head), rule, *(line(row) for row in rows)])
