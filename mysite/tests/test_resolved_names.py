"""On small sources: what a rule that forbids a name would miss if it looked for text."""

import pytest

from .resolved_names import Names

MODULES = {
    "shop": ("", True),
    "shop.till": ("def pay(): ...", False),
    "shop.front": ("from .till import pay\nfrom . import till", False),
    "shop.models": ("from .rows import Order", True),
    "shop.models.rows": ("class Order: ...", False),
}


def mentioned(source: str) -> set[str]:
    modules = MODULES | {"shop.tried": (source, False)}
    return Names(modules.get).mentions("shop.tried")


@pytest.mark.parametrize(
    "source",
    [
        "from shop import till\ntill.pay()",
        "from functools import partial\nfrom . import till\nlater(partial(till.pay, 1))",
        "from .till import pay as give\ngive()",
        "from .front import pay\npay()",  # re-exported
        "from .front import till\ntill.pay()",
        "import shop.till\nshop.till.pay()",
        "import shop.front as f\nf.till.pay()",
        "def buy():\n    from . import till\n    return map(till.pay, [])",
        "from . import till\nsend = till.pay\nsend()",
        "from . import till\nif (t := till): t.pay()",
        "from . import till\ngetattr(till, 'pay')()",
    ],
)
def test_a_name_is_followed_to_where_it_is_defined(source):
    assert "shop.till.pay" in mentioned(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""till.pay() is not called here."""',
        "# till.pay()",
        "from .till import pay",  # whoever uses it from here mentions it
        "from bank import till\ntill.pay()",
    ],
)
def test_what_only_looks_like_a_mention_is_none(source):
    assert "shop.till.pay" not in mentioned(source)


@pytest.mark.parametrize(
    "source",
    [
        "from .models import Order\nOrder.objects.filter(id=1).update(paid=True)",
        "from .models import Order\nopen = Order.objects.filter(paid=False)\nopen = open.filter(id=1)\nopen.update()",
        "from .models import Order\nasync def f():\n    (await Order.objects.filter())[0].update()",
    ],
)
def test_what_comes_out_of_a_call_keeps_its_name(source):
    found = {name for name in mentioned(source) if name.startswith("shop.models.rows.Order.objects.filter")}
    assert any(name.endswith(".update") for name in found)


def test_existence():
    names = Names(MODULES.get)
    assert names.exists("shop.till.pay") and names.exists("shop.models.rows.Order")
    assert not names.exists("shop.till.gone") and not names.exists("shop.front.pay") and not names.exists("bank.pay")
