from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "entrepot.storefront"
    label = "storefront"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Translations are committed as .po; the compiled ones follow by themselves."""
        from entrepot.storefront.assets import compile_translations

        compile_translations()
