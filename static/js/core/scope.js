// What belongs to the room on the page, and ends when the person moves on to another: listeners on what stays, timers.
// Whatever is called while `inScope` runs its task belongs to that scope; outside of one, it belongs to the page.

let current = null; // an AbortSignal

/** Run a task whose listeners and timers end with this signal. */
export function inScope(signal, task) {
  const outer = current;
  current = signal;
  try {
    return task();
  } finally {
    current = outer;
  }
}

/** The signal of the scope that is being started, or null: of the page. */
export const scopeSignal = () => current;

/** addEventListener, for targets that outlive the room: the document, the window, the sidebar. */
export function listen(target, type, listener, options = {}) {
  target.addEventListener(type, listener, current ? { ...options, signal: current } : options);
}

/** setInterval. */
export function every(ms, task) {
  const timer = setInterval(task, ms);
  whenLeft(() => clearInterval(timer));
}

/** A setTimeout for later use: later(ms, task) does nothing once the scope has ended. */
export function makeLater() {
  const signal = current;
  return (ms, task) => setTimeout(() => signal?.aborted || task(), ms);
}

/** Run a task when the scope ends. */
export function whenLeft(task) {
  current?.addEventListener("abort", task, { once: true });
}
