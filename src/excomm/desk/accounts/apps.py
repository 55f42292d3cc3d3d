"""The accounts, as Django knows them."""

from django.apps import AppConfig


class People(AppConfig):
    """Its tables begin with people_."""

    name = "excomm.desk.accounts"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what is to be logged."""
        from excomm.desk.accounts import heard

        heard.connect()
