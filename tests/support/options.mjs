// SPDX-License-Identifier: Apache-2.0
// `--name value` options of a measurement, with defaults; --help lists them.

/// `spec`: { name: [default, "what it is"] }. Numbers stay numbers. Exits 64 on anything unknown.
export function options(title, spec) {
  const values = Object.fromEntries(Object.entries(spec).map(([name, [value]]) => [name, value]));
  const words = process.argv.slice(2);
  const usage = () => [title, ...Object.entries(spec).map(([name, [value, help]]) =>
    `  --${name.padEnd(12)} ${help} (default ${value})`)].join("\n");
  while (words.length > 0) {
    const word = words.shift();
    if (word === "--help" || word === "-h") { console.log(usage()); process.exit(0); }
    const name = word.replace(/^--/, "");
    if (!(name in spec) || words.length === 0) {
      console.error(`unknown or incomplete option ${word}\n${usage()}`);
      process.exit(64);
    }
    const text = words.shift();
    values[name] = typeof spec[name][0] === "number" ? Number(text) : text;
    if (Number.isNaN(values[name])) { console.error(`${word} takes a number`); process.exit(64); }
  }
  return values;
}
