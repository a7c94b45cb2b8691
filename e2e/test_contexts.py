"""The harness itself: a context that is used again is as good as new."""

from .contexts import ContextPool
from .person import Person

LEFT = """() => [
    localStorage.length, sessionStorage.length, document.cookie.includes("left"),
    matchMedia("(prefers-color-scheme: dark)").matches,
]"""


def test_nothing_is_left_in_a_context_that_is_used_again(browser, stack):
    pool, key = ContextPool(), ("nobody",)
    assert pool.take(key) is None
    one = Person("nobody", stack, browser)
    one.page.goto("/accounts/login/")
    one.page.evaluate("() => { localStorage.x = sessionStorage.x = document.cookie = 'left=behind'; }")
    one.page.emulate_media(color_scheme="dark")
    one.page.route("**/login/**", lambda route: route.abort())
    one.context.new_page()
    one.context.set_offline(True)
    one.leave()
    pool.give_back(key, one.context)

    other = Person("nobody", stack, browser, pool.take(key))
    assert pool.take(key) is None
    assert (other.context, len(other.context.pages)) == (one.context, 1)
    other.page.goto("/accounts/login/")
    assert other.page.evaluate(LEFT) == [0, 0, False, False]
    other.page.evaluate("console.error('heard by the one who is there')")
    assert (len(other.faults), one.faults) == (1, [])
    other.context.close()


def test_a_page_that_a_script_was_added_to_is_not_used_again(browser, stack):
    one = Person("nobody", stack, browser)
    one.set_clock()
    one.leave()
    assert (one.is_reusable, one.context.pages) == (False, [])
    one.context.close()
