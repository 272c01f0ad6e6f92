"""Base classes of admin pages."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import unquote
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from psycopg import errors as postgresql
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from shop.admin.concurrent_edits import ConcurrentEditForm, ConcurrentEditFormSet, Overtaken

T = TypeVar("T")
ATTEMPTS = 3


class EditedChangeList(ChangeList):  # type: ignore[misc]  # unfold ships no types
    """Change list that shows the errors of a refused save beside their rows, even if rows were added or deleted."""

    _formset: Any = None

    @property
    def formset(self) -> Any:
        """The formset, in the order of the submitted page."""
        return self._formset

    @formset.setter
    def formset(self, formset: Any) -> None:
        self._formset = formset
        if formset is not None and formset.is_bound:
            # The templates pair rows and forms by their positions.
            keys = [form.instance.pk for form in formset.forms]
            rows = {row.pk: row for row in self.apply_select_related(self.root_queryset.filter(pk__in=keys))}
            self.result_list = [rows.get(form.instance.pk, form.instance) for form in formset.forms]


class ShopAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Base class of admin pages: safe concurrent saves, wide lists, no count of all rows.

    A save locks its rows by primary key, in the same order as orders do, before it reads them.
    """

    form = ConcurrentEditForm
    list_form: type[ConcurrentEditForm] = ConcurrentEditForm
    list_fullwidth = True
    list_filter_submit = False
    list_per_page = 50
    show_full_result_count = False
    compressed_fields = True
    warn_unsaved_form = True

    class Media:
        css = {"all": ["back_office/list.css"]}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show or save a row's page."""

        def attempt() -> Any:
            if request.method == "POST":
                self.prepare_save(request, None if "_saveasnew" in request.POST else object_id)
            return super(ShopAdmin, self).changeform_view(request, object_id, form_url, extra_context)

        return retry(attempt)

    def prepare_save(self, request: HttpRequest, object_id: str | None) -> None:
        """Do slow work before the transaction of a save begins."""

    def _changeform_view(self, request: HttpRequest, object_id: str | None, *args: Any) -> Any:
        self._lock(request, object_id)
        return super()._changeform_view(request, object_id, *args)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Ask before deleting, or delete."""
        return retry(lambda: super(ShopAdmin, self).delete_view(request, object_id, extra_context))

    def _delete_view(self, request: HttpRequest, object_id: str, *args: Any) -> Any:
        self._lock(request, object_id)
        return super()._delete_view(request, object_id, *args)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the list, save what was edited in it, or run an action."""

        saves = "_save" in request.POST and self.has_change_permission(request)
        if not saves and "delete_selected" not in request.POST.getlist("action"):
            # Other actions may have done part of their work when they fail: they are not retried.
            return super().changelist_view(request, extra_context)

        def attempt() -> Any:
            if not saves:
                return super(ShopAdmin, self).changelist_view(request, extra_context)
            with transaction.atomic():
                self._lock_edited(request)
                return super(ShopAdmin, self).changelist_view(request, extra_context)

        return retry(attempt)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[EditedChangeList]:
        return EditedChangeList

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, **{"form": self.list_form, **kwargs})

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_formset(request, formset=ConcurrentEditFormSet, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: BaseForm, change: bool) -> None:
        """Insert a new row, or update the changed columns."""
        if not change:
            obj.save()
            return
        assert isinstance(form, ConcurrentEditForm)  # noqa: S101 - a form that writes all fields would undo sales
        if form.columns:
            obj.save(update_fields=form.columns)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the many-to-many fields, and check the foreign keys."""
        super().save_related(request, form, formsets, change)
        fields = [*self.model._meta.concrete_fields, *self.model._meta.many_to_many]
        references = {field.name for field in fields if field.is_relation}
        if not change or references.intersection(form.changed_data):
            # A referenced row may just have been deleted. An error at the commit could not be shown in the form.
            connection.check_constraints()
        for note in getattr(form, "notes", []):
            self.message_user(request, note)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete a row, unless a row that refers to it was added meanwhile."""
        super().delete_model(request, obj)
        connection.check_constraints()

    def _lock(self, request: HttpRequest, object_id: str | None) -> None:
        """Lock the row of a POST, if it exists."""
        if request.method != "POST" or object_id is None:
            return
        to_field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
        if to_field and not self.to_field_allowed(request, to_field):
            return  # Django refuses the request
        row = self.get_object(request, unquote(object_id), to_field)
        if row is not None:
            lock(QuerySet(self.model).filter(pk=row.pk))

    def _lock_edited(self, request: HttpRequest) -> None:
        """Lock the rows that were edited in the list."""
        form_set = self.get_changelist_formset(request)
        rows = self._get_list_editable_queryset(request, form_set.get_default_prefix())
        forms = form_set(request.POST, queryset=rows).forms
        lock(QuerySet(self.model).filter(pk__in=[form.instance.pk for form in forms if form.has_changed()]))


def lock(rows: QuerySet[Any]) -> None:
    """Lock rows by primary key until the end of the transaction; foreign keys to them can still be written."""
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def retry(attempt: Callable[[], T]) -> T | HttpResponse:
    """Call a view, and retry it if another transaction committed between its checks and its writes.

    On the retry, the checks see the other transaction's rows, and the form shows the error.
    """
    for number in range(1, ATTEMPTS + 1):
        try:
            return attempt()
        except (IntegrityError, Overtaken):
            if number == ATTEMPTS:
                raise
        except OperationalError as error:
            if not isinstance(error.__cause__, postgresql.LockNotAvailable | postgresql.DeadlockDetected):
                raise
            break
    return HttpResponse(
        _("Somebody else is saving the same at this moment. Nothing was saved: go back and save again."),
        status=503,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": "5"},
    )


class RecordAdmin(ShopAdmin):
    """Read-only admin page of rows that the shop writes itself."""

    warn_unsaved_form = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
