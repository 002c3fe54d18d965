// SPDX-License-Identifier: Apache-2.0
// Bundles the console into dist/: index.html, and assets whose names carry a hash of their content.
import { build, context } from "esbuild";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const dist = path.join(root, "dist");
const watches = process.argv.includes("--watch");

const page = {
  name: "page",
  setup(b) {
    b.onEnd((result) => {
      if (!result.metafile || result.errors.length > 0) return;
      const outputs = Object.keys(result.metafile.outputs).map((file) => path.relative("dist", file));
      const script = outputs.find((file) => /^assets\/main-.*\.js$/.test(file));
      const style = outputs.find((file) => /^assets\/main-.*\.css$/.test(file));
      const html = fs.readFileSync(path.join(root, "index.html"), "utf8")
        .replace("%script%", `/${script}`).replace("%style%", `/${style}`);
      const kept = new Set(outputs.map((file) => path.basename(file)));
      for (const old of fs.readdirSync(path.join(dist, "assets")))
        if (!kept.has(old)) fs.rmSync(path.join(dist, "assets", old));
      fs.writeFileSync(path.join(dist, "index.html"), html);
    });
  },
};

const options = {
  absWorkingDir: root,
  entryPoints: { main: "src/main.tsx" },
  outdir: "dist",
  entryNames: "assets/[name]-[hash]",
  assetNames: "assets/[name]-[hash]",
  bundle: true,
  format: "esm",
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".woff2": "file" },
  minify: !watches,
  sourcemap: watches ? "inline" : false,
  metafile: true,
  legalComments: "external",
  logLevel: "warning",
  plugins: [page],
};

if (watches) {
  await (await context(options)).watch();
} else {
  await build(options);
}
