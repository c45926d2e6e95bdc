from django.apps import AppConfig


class RoofConfig(AppConfig):
    name = "sme_hub"
    label = "roof"

    def ready(self) -> None:
        from kernel import subscriptions
        from sme_hub.subscriptions import SUBSCRIPTIONS

        subscriptions.register(SUBSCRIPTIONS)
