"""Tests of the shop behind a real PgBouncer (`make pgbouncer`)."""
