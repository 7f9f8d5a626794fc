// Builds one directory and prints the most memory that the process ever held, in megabytes.
import { resolve } from "node:path";
import { createBuilder } from "../scripts/kustomize/build.ts";
import { printDocuments } from "../scripts/kustomize/yaml/print.ts";
import { workingDirectory } from "../scripts/tree/working-directory.ts";

const directory = resolve(process.argv[2] ?? ".");
const { resources } = createBuilder(workingDirectory("/")).build(directory.slice(1));
printDocuments(resources.map(({ object }) => object));
console.log(Math.round(process.resourceUsage().maxRSS / 1024));
