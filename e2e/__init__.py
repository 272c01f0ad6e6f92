"""Browser tests of the Mini App and the back office in Chromium, against the served shop (`make e2e`)."""
