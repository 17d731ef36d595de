from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "entrepot.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"
