"""The Mini App in a real Chromium, against the shop as it is served; run by `make e2e`."""
