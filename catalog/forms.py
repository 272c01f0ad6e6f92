"""Form fields of the catalog's pages."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from catalog.images.uploads import FORMATS, MAX_MEGABYTES, MAX_MEGAPIXELS, Picture, prepare
from catalog.models import (
    MAX_IMAGES,
    MAX_OPTIONS,
    Category,
    Product,
    StockMovement,
    Variant,
    validate_images,
    validate_product_slug,
    validate_properties,
)
from catalog.stock import adjust_stock
from shop.admin.concurrent_edits import ConcurrentEditForm, Overtaken
from shop.admin.inlines import ConcurrentInlineFormSet


class ImagesField(forms.CharField):
    """Form field for a list of pictures, one on a line."""

    widget = UnfoldAdminTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        """Write a list line by line."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read lines into a list."""
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def validate(self, value: list[str]) -> None:
        """Refuse characters that PostgreSQL cannot store in JSON.

        :raises ValidationError: if there is a null character.
        """
        super().validate(value)
        for line in value:
            ProhibitNullCharactersValidator()(line)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare lists, not texts."""
        return bool((initial or []) != self.to_python(data))


class PropertiesField(forms.CharField):
    """Form field for properties, one on a line: `Name: value`."""

    widget = UnfoldAdminTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        """Write a list line by line."""
        if not isinstance(value, list):
            return value
        return "\n".join(f"{each['name']}: {each['value']}" for each in value)

    def to_python(self, value: Any) -> Any:
        """Read lines into a list.

        :raises ValidationError: with a sentence for each line without a name or a value.
        """
        text = super().to_python(value) or ""
        ProhibitNullCharactersValidator()(text)
        properties, errors = [], []
        for number, line in enumerate(text.splitlines(), 1):
            name, _colon, content = (part.strip() for part in line.partition(":"))
            if name and content:
                properties.append({"name": name, "value": content})
            elif line.strip():
                params = {"number": number, "line": line.strip()}
                errors.append(ValidationError(_("Line %(number)s, “%(line)s”: write “Name: value”."), params=params))
        if errors:
            raise ValidationError(errors)
        return properties

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare lists, not texts; a text with a wrong line is a change."""
        try:
            return bool((initial or []) != self.to_python(data))
        except ValidationError:
            return True


class FilesWidget(UnfoldAdminFileFieldWidget):  # type: ignore[misc]  # unfold ships no types
    """File input for several files."""

    allow_multiple_selected = True

    def value_from_datadict(
        self, data: Any, files: "MultiValueDict[str, UploadedFile[bytes]]", name: str
    ) -> "list[UploadedFile[bytes]]":
        """Take all files; there is nothing to clear."""
        return files.getlist(name)


class UploadsField(forms.FileField):
    """Form field for uploaded pictures, which are checked and ready to be stored."""

    widget = FilesWidget(attrs={"accept": ",".join(f"image/{name.lower()}" for name in FORMATS)})

    def clean(self, data: "list[UploadedFile[bytes]]", initial: Any = None) -> list[Picture]:
        """Check each file.

        :raises ValidationError: with a sentence for each file that will not do.
        """
        # More would be refused with the product's list anyway, and each takes up to seconds to decode.
        if len(data) > MAX_IMAGES:
            raise ValidationError(_("List at most %(limit)s pictures.") % {"limit": MAX_IMAGES})
        outcomes = [self._prepared(file) for file in data]
        if errors := [each for each in outcomes if isinstance(each, ValidationError)]:
            raise ValidationError(errors)
        return [each for each in outcomes if isinstance(each, Picture)]

    def _prepared(self, file: Any) -> Picture | ValidationError:
        # Kept with the file: a save cleans its form before its transaction and in it, and decoding takes seconds.
        if not hasattr(file, "outcome"):
            try:
                file.outcome = prepare(super().clean(file))
            except ValidationError as error:
                file.outcome = error
        outcome: Picture | ValidationError = file.outcome
        return outcome

    def has_changed(self, initial: Any, data: "list[UploadedFile[bytes]]") -> bool:  # type: ignore[override]  # a list
        """Tell whether there are any."""
        return bool(data)


class FileWidget(FilesWidget):
    """File input for one file."""

    allow_multiple_selected = False


class UploadField(UploadsField):
    """Form field for one uploaded picture, as a list."""

    widget = FileWidget(attrs={"accept": UploadsField.widget.attrs["accept"]})


def store_upload(file: Any) -> None:
    """Store a picture that UploadsField has checked; a failure becomes an error of the form."""
    try:
        file.outcome.store()
    except ValidationError as error:
        file.outcome = error


class OptionsField(SimpleArrayField):
    """Form field for names or values of options, separated by semicolons: "1,5 kg" and "42/44" are single values."""

    def __init__(self, **options: Any) -> None:
        widget = UnfoldAdminTextInputWidget()
        super().__init__(forms.CharField(max_length=50), delimiter=";", required=False, widget=widget, **options)


class VariantForm(ConcurrentEditForm):
    """A variant's price and stock."""

    differences = frozenset({"stock"})

    class Meta:
        model = Variant
        fields = "__all__"  # the admin's fieldsets say which


class VariantPageForm(VariantForm):
    """A variant on its own page."""

    images = ImagesField(
        label=_("Pictures"),
        required=False,
        validators=[validate_images],
        help_text=_("One to a line, as for the product; without any, those of the product are shown."),
    )


class VariantRowForm(VariantForm):
    """A variant on the page of its product."""

    option_values = OptionsField(label=_("Options"), help_text=_("Separated by semicolons, such as “M; red”."))


class VariantFormSet(ConcurrentInlineFormSet):
    """The variants of a product; a change of stock is recorded with `actor_id`."""

    actor_id: int | None = None

    def clean(self) -> None:
        """Refuse a product without a variant, and variants that have not one value for each option of the product.

        Also counts the variants that were added or deleted since the page was opened.

        :raises ValidationError: if they are refused.
        """
        super().clean()
        kept = [form for form in self.kept if form not in self.deleted_forms]
        added_meanwhile = self.added_meanwhile
        if not kept and not added_meanwhile:
            raise ValidationError(_("A product needs at least one variant."))
        names = self.instance.option_names
        for form in kept:
            values = form.cleaned_data.get("option_values", form.instance.option_values)
            if not form.errors and len(values) != len(names):
                sentence = _("Write %(count)s values, for: %(names)s.") if names else _("The product has no options.")
                params = {"count": len(names), "names": "; ".join(names)}
                form.add_error("option_values", ValidationError(sentence, params=params))
            # Django leaves constraints with the foreign key of an inline to the database.
            if values in [variant.option_values for variant in added_meanwhile]:
                form.add_error("option_values", _("The product has a variant with these options already."))
        if any(len(variant.option_values) != len(names) for variant in added_meanwhile):
            raise ValidationError(_("Somebody else has added a variant meanwhile. Open the page again."))

    def save_new(self, form: Any, commit: bool = True) -> Any:
        form.instance.product = self.instance
        return save_variant(form, self.actor_id)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        return save_variant(form, self.actor_id)


def save_variant(form: Any, actor_id: int | None) -> Variant:
    """Write the columns of a valid VariantForm, whose row is locked, and its stock with a movement."""
    variant: Variant = form.instance
    if variant.pk is None:
        stock, variant.stock = variant.stock, None
        variant.save()
        adjust_stock(variant_id=variant.pk, to=stock, reason=StockMovement.Reason.RECEIVED, actor_id=actor_id)
    else:
        if columns := [name for name in form.columns if name != "stock"]:
            variant.save(update_fields=columns)
        if "stock" in form.columns:
            adjust_stock(
                variant_id=variant.pk, to=variant.stock, reason=StockMovement.Reason.COUNTED, actor_id=actor_id
            )
    return variant


UPLOAD_HELP = format_lazy(
    _("JPEG, PNG, WebP or GIF, up to {megabytes} MB and {megapixels} million pixels each."),
    megabytes=MAX_MEGABYTES,
    megapixels=MAX_MEGAPIXELS,
)


class CategoryForm(ConcurrentEditForm):
    """A category. An uploaded picture replaces the one that the text field names."""

    upload = UploadField(label=_("Upload a picture"), required=False, help_text=UPLOAD_HELP)

    class Meta:
        model = Category
        fields = "__all__"  # the admin's fieldsets say which

    def clean(self) -> dict[str, Any]:
        """Take the uploaded picture."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if pictures := cleaned.get("upload"):
            cleaned["image"] = pictures[-1].name
        return cleaned

    def save(self, commit: bool = True) -> Category:
        """Save the row; a category never names a file that is not there.

        :raises Overtaken: if this form was refused when the file was to be stored, and is valid only now.
        """
        if not all(picture.stored for picture in self.cleaned_data["upload"]):
            raise Overtaken
        category: Category = super().save(commit=commit)
        return category


class ProductForm(ConcurrentEditForm):
    """A product, its pictures line by line; uploaded ones are added at the end."""

    option_names = OptionsField(
        label=_("Options"), max_length=MAX_OPTIONS, help_text=_("Separated by semicolons, such as “Size; colour”.")
    )
    images = ImagesField(
        label=_("Pictures"),
        required=False,
        validators=[validate_images],
        help_text=_("One to a line: a web address, or a path below the media folder. The first one is the cover."),
    )
    properties = PropertiesField(
        label=_("Properties"),
        required=False,
        validators=[validate_properties],
        help_text=_("One to a line, such as “Material: linen”. Customers see them as a table."),
    )
    uploads = UploadsField(
        label=_("Upload pictures"),
        required=False,
        help_text=format_lazy("{} {}", UPLOAD_HELP, _("Added at the end.")),
    )

    class Meta:
        model = Product
        fields = "__all__"  # the admin's fieldsets say which

    def clean_slug(self) -> str:
        """Refuse a new slug by which the API could not find the product; one that was not changed stays.

        :raises ValidationError: if it is one.
        """
        slug: str = self.cleaned_data["slug"]
        validate_product_slug(slug)
        return slug

    def clean(self) -> dict[str, Any]:
        """Append uploaded pictures to the list: to the stored one, unless this page changes it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        uploads = cleaned.get("uploads")
        if uploads and "images" not in self.errors:
            # The same picture twice is one file and one line.
            names = [*cleaned.get("images", self.instance.images), *(picture.name for picture in uploads)]
            cleaned["images"] = list(dict.fromkeys(names))  # the model's validator looks at all of them
        return cleaned

    def save(self, commit: bool = True) -> Product:
        """Save the row; a product never names a file that is not there.

        :raises Overtaken: if this form was refused when the files were to be stored, and is valid only now.
        """
        if not all(picture.stored for picture in self.cleaned_data["uploads"]):
            raise Overtaken
        product: Product = super().save(commit=commit)
        return product
