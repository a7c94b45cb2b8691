from django import forms
from django.utils.translation import gettext_lazy as _


class QuietForm(forms.Form):
    """people: ids of those who may be chosen as exceptions."""

    quiet_from = forms.TimeField(required=False)
    quiet_until = forms.TimeField(required=False)
    exceptions = forms.TypedMultipleChoiceField(  # compared with the list, and asked of no database
        coerce=int, required=False, error_messages={"invalid_choice": _("Choose among the people in the list.")}
    )

    def __init__(self, data: object, people: list[int]):
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["exceptions"].choices = [(pk, pk) for pk in people]  # type: ignore[attr-defined]

    def clean(self) -> dict:
        fields = super().clean() or self.cleaned_data
        if bool(fields.get("quiet_from")) != bool(fields.get("quiet_until")):
            raise forms.ValidationError(_("Enter both times, or none."))
        return fields
