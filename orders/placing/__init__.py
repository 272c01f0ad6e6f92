"""Placing an order: price in Python, write in SQL.

`service.place_order` reads what is on sale without a lock (`offers`), prices it (`pricing`: the only place where a
total is made; adjustments of other apps included), and has one statement write the order if the quote is still true
(`writing`). `POST /cart/quote` stops after the second step.
"""
