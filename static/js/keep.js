// Small things kept in this browser. A browser that keeps nothing (private mode) is no error.

export function kept(key) {
  const name = `roundtable:${key}`;
  return {
    get() {
      try {
        return JSON.parse(localStorage.getItem(name));
      } catch {
        return null;
      }
    },
    set(value) {
      try {
        const empty = value === null || value === "" || (Array.isArray(value) && !value.length);
        if (empty) localStorage.removeItem(name);
        else localStorage.setItem(name, JSON.stringify(value));
      } catch {
        // full or forbidden: then it lives as long as the page
      }
    },
  };
}
