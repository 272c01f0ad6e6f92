"""The database backend of settings.DATABASES; Django looks for it in `base`."""
