"""The harness itself: a context that is used again is as good as new."""

from .contexts import ContextPool
from .person import Person


def test_nothing_is_left_in_a_context_that_is_used_again(browser, stack):
    pool, key = ContextPool(), ("nobody",)
    assert pool.take(key) is None
    one = Person("nobody", stack, browser)
    one.page.goto("/accounts/login/")
    one.page.evaluate("() => { localStorage.x = sessionStorage.x = document.cookie = 'left=behind'; }")
    one.context.set_offline(True)
    one.leave()
    pool.give_back(key, one.context)

    other = Person("nobody", stack, browser, pool.take(key))
    assert pool.take(key) is None
    assert (other.context, len(other.context.pages)) == (one.context, 1)
    other.page.goto("/accounts/login/")
    left = other.page.evaluate("() => [localStorage.length, sessionStorage.length, document.cookie.includes('left')]")
    assert left == [0, 0, False]
    other.page.evaluate("console.error('heard by the one who is there')")
    assert (len(other.faults), one.faults) == (1, [])
    other.context.close()
