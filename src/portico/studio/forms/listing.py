"""Wagtail's list of a form's entries, as ours are: spam apart, with the day on which each is erased."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters import ChoiceFilter, DateFromToRangeFilter
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.contrib.forms.views import SubmissionsListView

from portico.studio.models.forms import Delivery

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class EntriesFilterSet(WagtailFilterSet):
    date = DateFromToRangeFilter(label="Received", field_name="received_at", widget=DateRangePickerWidget)
    spam = ChoiceFilter(label="Folder", choices=[("spam", "Spam")], empty_label="Entries")

    class Meta:
        model = Delivery
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Spam is seen where it is asked for, and nowhere else."""
        wanted = self.form.cleaned_data.pop("spam", "")
        return super().filter_queryset(queryset.filter(spam=wanted == "spam"))


class EntriesView(SubmissionsListView):
    filterset_class = EntriesFilterSet
    default_ordering = ("-received_at",)
    ordering_csv = ("received_at",)
    orderable_fields = ("received_at", "erase_at")
    page_title = "Entries"

    def to_row_dict(self, item: Delivery) -> dict[str, Any]:
        """For a spreadsheet, which must not take a visitor's words for a formula."""
        return {name: _harmless(value) for name, value in super().to_row_dict(item).items()}

    def get_page_subtitle(self) -> str:
        return f"{super().get_page_subtitle()}, kept for {self.form_page.keep_days} days"


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return [_harmless(each) for each in value] if isinstance(value, list) else value
