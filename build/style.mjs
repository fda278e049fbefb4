// Bundles a stylesheet and prints it: node style.mjs FILE TARGETS [--minify]
import { bundle, browserslistToTargets } from "lightningcss";

const [filename, targets, minify] = process.argv.slice(2);
try {
  const { code, warnings } = bundle({
    filename,
    minify: minify === "--minify",
    targets: browserslistToTargets(targets.split(",").map((target) => target.trim())),
  });
  for (const { message, loc } of warnings) {
    console.error(`${loc?.filename ?? filename}:${loc?.line}: ${message}`);
  }
  process.stdout.write(code);
} catch (error) {
  console.error(`${error.fileName ?? filename}:${error.loc?.line ?? "?"}: ${error.message}`);
  process.exit(1);
}
