"""Wagtail's list of a form's entries, as ours are: spam apart, with the day on which each is erased."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_filters import ChoiceFilter, DateFromToRangeFilter
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.contrib.forms.views import SubmissionsListView

from portico.studio.forms import sorting
from portico.studio.models.forms import Delivery

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CHOSEN = "selected-submissions"


class EntriesFilterSet(WagtailFilterSet):
    date = DateFromToRangeFilter(label=_("Received"), field_name="received_at", widget=DateRangePickerWidget)
    spam = ChoiceFilter(label=_("Folder"), choices=[("spam", _("Spam"))], empty_label=_("Entries"))

    class Meta:
        model = Delivery
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Spam is seen where it is asked for, and nowhere else."""
        wanted = self.form.cleaned_data.pop("spam", "")
        return super().filter_queryset(queryset.filter(spam=wanted == "spam"))


class EntriesPaginator(WagtailPaginator):
    verbose_name = _("entry")
    verbose_name_plural = _("entries")


class EntriesView(SubmissionsListView):
    filterset_class = EntriesFilterSet
    results_template_name = "studio_admin/entries.html"
    default_ordering = ("-received_at",)
    ordering_csv = ("received_at",)
    orderable_fields = ("received_at", "erase_at")
    page_title = _("Entries")
    paginator_class = EntriesPaginator

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """A button below the list: what becomes of the entries that are chosen."""
        chosen = [pk for pk in request.POST.getlist(_CHOSEN) if pk.isdecimal()]
        back = get_valid_next_url_from_request(request) or self.get_index_url()
        button = request.POST.get("button")
        if button == "delete":
            place = reverse("wagtailforms:delete_submissions", args=[self.form_page.pk])
            return redirect(f"{place}?{urlencode({_CHOSEN: chosen, 'next': back}, doseq=True)}")
        entries = self.get_base_queryset().filter(pk__in=chosen)
        if button == sorting.SPAM:
            messages.success(request, _put_away(sorting.to_spam(self.form_page, entries, request.user)))
        elif button == sorting.NOT_SPAM:
            count = sorting.not_spam(self.form_page, entries, request.user, timezone.now())
            messages.success(request, _taken_out(count, mailed=bool(self.form_page.recipients)))
        return redirect(back)

    def to_row_dict(self, item: Delivery) -> dict[str, Any]:
        """For a spreadsheet, which must not take a visitor's words for a formula."""
        return {name: _harmless(value) for name, value in super().to_row_dict(item).items()}

    def get_page_subtitle(self) -> str:
        kept = _("kept for %(days)d days") % {"days": self.form_page.keep_days}
        return f"{super().get_page_subtitle()}, {kept}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        in_spam = self.request.GET.get("spam") == "spam"
        beside = self.get_base_queryset().filter(spam=not in_spam).count()
        return {**super().get_context_data(**kwargs), "in_spam": in_spam, "beside": beside}


def _put_away(count: int) -> str:
    return ngettext(
        "One entry is in the spam folder.", "%(count)d entries are in the spam folder.", count
    ) % {"count": count}


def _taken_out(count: int, *, mailed: bool) -> str:
    if mailed:
        said = ngettext(
            "One entry is no spam: it is mailed to the recipients, unless it was before.",
            "%(count)d entries are no spam: they are mailed to the recipients, unless they were before.",
            count,
        )
    else:
        said = ngettext("One entry is no spam.", "%(count)d entries are no spam.", count)
    return said % {"count": count}


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return [_harmless(each) for each in value] if isinstance(value, list) else value
