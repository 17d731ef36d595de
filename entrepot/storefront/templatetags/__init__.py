"""Tags for Django's own templates: the account pages."""
