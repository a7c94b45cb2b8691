import { readdirSync } from "node:fs";

/** static/js, as a URL that ends in a slash. */
export const folder = new URL("../", import.meta.url);

/** The page's modules, as paths from `folder`: "main.js", "lib/times.js". */
export const modules = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  if (!entry.isDirectory()) return entry.name.endsWith(".js") ? [entry.name] : [];
  if (entry.name === "tests") return [];
  const inside = readdirSync(new URL(`${entry.name}/`, folder)).filter((name) => name.endsWith(".js"));
  return inside.map((name) => `${entry.name}/${name}`);
});
