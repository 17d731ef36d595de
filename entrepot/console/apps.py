from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "entrepot.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"
