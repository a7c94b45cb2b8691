"""Links to the style sheets that pages share."""

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join

from common.stylesheets import BUNDLES, bundle_path, path_of

register = template.Library()


@register.simple_tag
def stylesheets(name: str) -> str:
    """Links to the sheets of a bundle: one link to all of them where static files are collected, otherwise one to each.

    `data-sheets` names the sheets in the bundle, for static/js/lib/load_page.js.
    """
    if settings.DEBUG or not isinstance(staticfiles_storage, ManifestFilesMixin):
        links = ((static(path_of(sheet)),) for sheet in BUNDLES[name])
        return format_html_join("\n  ", '<link rel="stylesheet" href="{}">', links)
    link = '<link rel="stylesheet" href="{}" data-sheets="{}">'
    return format_html(link, static(bundle_path(name)), " ".join(BUNDLES[name]))
