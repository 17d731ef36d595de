from django.apps import AppConfig


class HubFloorConfig(AppConfig):
    name = "entrepot.hub_floor"
    label = "hub_floor"
    default_auto_field = "django.db.models.BigAutoField"
