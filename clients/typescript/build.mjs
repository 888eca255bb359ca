// Compiles everything into dist/, laid out as the sources are, with the service config beside the generated code.
// What compiled before stays in place until the new code has compiled; what has no source any more is removed.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = join(here, "dist");

const compiler = join(here, "node_modules/typescript/bin/tsc");
const compiled = spawnSync(process.execPath, [compiler, "-p", join(here, "tsconfig.json")], { stdio: "inherit" });
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

for (const path of readdirSync(dist, { recursive: true })) {
  const source = join(here, String(path).replace(/(\.d\.ts|\.js)$/, ".ts"));
  if (/(\.d\.ts|\.js)$/.test(String(path)) && !existsSync(source)) rmSync(join(dist, String(path)));
}
copyFileSync(join(here, "gen/service_config.json"), join(dist, "gen/service_config.json"));
