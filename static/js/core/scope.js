// Listeners and timers that belong to the room on the page and end when the person moves on to another room.
// Those made while `inScope` runs its task belong to that scope; those made outside of one belong to the page.

let current = null; // an AbortSignal
const tasks = new WeakMap(); // signal → what is done before it ends

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

/** The signal of the scope that is being started, or null for the page. */
export const scopeSignal = () => current;

/** addEventListener, for targets that outlive the room: the document, the window, the sidebar. */
export function listen(target, type, listener, options = {}) {
  target.addEventListener(type, listener, current ? { ...options, signal: current } : options);
}

/** setInterval. */
export function every(ms, task) {
  const timer = setInterval(task, ms);
  whenGone(() => clearInterval(timer));
}

/** A setTimeout for later use: later(ms, task) does nothing once the scope has ended. */
export function makeLater() {
  const signal = current;
  return (ms, task) => setTimeout(() => signal?.aborted || task(), ms);
}

/** Run a task when the scope ends, while everything still listens. */
export function whenLeft(task) {
  if (current) tasks.set(current, [...(tasks.get(current) ?? []), task]);
}

/** Run a task when nothing listens any more. */
export function whenGone(task) {
  current?.addEventListener("abort", task, { once: true });
}

/** End the scope of an AbortController. */
export function endScope(controller) {
  for (const task of tasks.get(controller.signal) ?? []) task();
  controller.abort();
}
