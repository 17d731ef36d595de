from django.apps import AppConfig


class LandedcostConfig(AppConfig):
    name = "entrepot.landedcost"
    label = "landedcost"
    default_auto_field = "django.db.models.BigAutoField"
