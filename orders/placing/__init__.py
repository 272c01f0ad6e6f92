"""Order placement: priced in Python, written in SQL.

`service.place_order` reads the offers without a lock (`offers`), prices them (`pricing`, the only place that computes a
total, adjustments of other apps included), and writes the order with one statement if the quote is still true
(`writing`). `POST /cart/quote` stops after the second step.
"""
