from django.apps import AppConfig


class RoofConfig(AppConfig):
    name = "sme_hub"
    label = "roof"

    def ready(self) -> None:
        from kernel import subscriptions
        from sme_hub import checks  # noqa: F401  # registers itself
        from sme_hub.subscriptions import SUBSCRIPTIONS
        from sme_hub.telling import register_kinds

        register_kinds()
        subscriptions.register(SUBSCRIPTIONS)
